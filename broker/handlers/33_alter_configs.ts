import { errorMessage } from "../../protocol/errors.ts";
import {
  AlterConfigs,
  type AlterConfigsRequest,
  type AlterConfigsResource,
  type AlterConfigsResponse,
} from "../../protocol/generated/33_alter_configs.ts";
import type { IncrementalAlterConfigsResource } from "../../protocol/generated/44_incremental_alter_configs.ts";
import { ALTER_CONFIGS_GAPS, alterConfigs as alter, alterConfigsResult, type ConfigAdmin } from "../alter_configs.ts";
import type { Handler } from "../handler.ts";
import { ConfigOperation } from "../metadata/alter_configs.ts";

/** Replaces the settings of topics, brokers, groups and client metrics subscriptions, whole (KIP-133). */
export function alterConfigs(admin: ConfigAdmin): Handler<AlterConfigsRequest, AlterConfigsResponse> {
  return {
    api: AlterConfigs,
    gaps: ALTER_CONFIGS_GAPS,
    async handle(context, { resources, validateOnly }) {
      const responses = await alter(admin, context, resources.map(asIncremental), { replace: true, validateOnly });
      return { throttleTimeMs: 0, responses };
    },
    fail: ({ resources }, code, message) => {
      const outcome = { errorCode: code, errorMessage: message ?? errorMessage(code) };
      return { throttleTimeMs: 0, responses: resources.map((resource) => alterConfigsResult(resource, outcome)) };
    },
  };
}

function asIncremental({ resourceType, resourceName, configs }: AlterConfigsResource): IncrementalAlterConfigsResource {
  const sets = configs.map(({ name, value }) => ({ name, value, configOperation: ConfigOperation.SET }));
  return { resourceType, resourceName, configs: sets };
}
