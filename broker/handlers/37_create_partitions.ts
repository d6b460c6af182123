import { ErrorCode } from "../../protocol/errors.ts";
import {
  CreatePartitions,
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  type CreatePartitionsTopicResult,
} from "../../protocol/generated/37_create_partitions.ts";
import { requireTime } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";
import type { MetadataService } from "../metadata/service.ts";

/** Gives topics more partitions, which can be written when the answer leaves (KIP-195). Kafka: `ControllerApis.createPartitions`. */
export function createPartitions(metadata: MetadataService): Handler<CreatePartitionsRequest, CreatePartitionsResponse> {
  return {
    api: CreatePartitions,
    async handle(context, { topics, timeoutMs, validateOnly }) {
      requireTime(timeoutMs);
      const times = new Map<string, number>();
      for (const { name } of topics) times.set(name, (times.get(name) ?? 0) + 1);
      const once = topics.filter(({ name }) => times.get(name) === 1);
      const [allowed, denied] = [true, false].map((may) => once.filter(({ name }) => context.authorize("Alter", "Topic", name) === may));
      const growths = await metadata.createPartitions(allowed, validateOnly);
      const results = [
        ...[...times].filter(([, count]) => count > 1).map(([name]) => result(name, ErrorCode.INVALID_REQUEST, "Duplicate topic name.")),
        ...denied.map(({ name }) => result(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED, null)),
        ...growths.map(({ name, errorCode, errorMessage }) => result(name, errorCode, errorMessage)),
      ];
      return { throttleTimeMs: 0, results };
    },
    fail: ({ topics }, code, message) => ({ throttleTimeMs: 0, results: topics.map(({ name }) => result(name, code, message)) }),
  };
}

function result(name: string, errorCode: number, errorMessage: string | null): CreatePartitionsTopicResult {
  return { name, errorCode, errorMessage };
}
