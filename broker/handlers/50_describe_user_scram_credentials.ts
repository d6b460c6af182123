import { ErrorCode, errorMessage } from "../../protocol/errors.ts";
import {
  DescribeUserScramCredentials,
  type DescribeUserScramCredentialsRequest,
  type DescribeUserScramCredentialsResponse,
} from "../../protocol/generated/50_describe_user_scram_credentials.ts";
import type { Handler } from "../handler.ts";
import { fitting, KafkaError } from "../kafka_error.ts";

/** Tells how users can log in by SCRAM (KIP-554): there is no such way, so that there are no credentials of anybody. */
export function describeUserScramCredentials(): Handler<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse> {
  return {
    api: DescribeUserScramCredentials,
    gaps: ["nobody has credentials, as none can be made"],
    handle(context, { users }) {
      if (!context.authorize("Describe", "Cluster", "kafka-cluster")) throw new KafkaError(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
      const names = (users ?? []).map(({ name }) => name);
      const results = [...new Set(names)].map((user) => {
        const isTwice = names.indexOf(user) !== names.lastIndexOf(user);
        return {
          user,
          errorCode: isTwice ? ErrorCode.DUPLICATE_RESOURCE : ErrorCode.RESOURCE_NOT_FOUND,
          errorMessage: fitting(isTwice ? `The user ${user} is named twice.` : `The user ${user} has no credentials.`),
          credentialInfos: [],
        };
      });
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, errorMessage: "", results };
    },
    fail: (_request, code, message) => {
      return { throttleTimeMs: 0, errorCode: code, errorMessage: message ?? errorMessage(code), results: [] };
    },
  };
}
