import { errorMessage } from "../../protocol/errors.ts";
import {
  IncrementalAlterConfigs,
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
} from "../../protocol/generated/44_incremental_alter_configs.ts";
import { ALTER_CONFIGS_GAPS, alterConfigs, alterConfigsResult, type ConfigAdmin } from "../alter_configs.ts";
import type { Handler } from "../handler.ts";

/** Changes single settings of topics, brokers, groups, client metrics subscriptions and the logger (KIP-339, KIP-412). */
export function incrementalAlterConfigs(admin: ConfigAdmin): Handler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> {
  return {
    api: IncrementalAlterConfigs,
    gaps: ALTER_CONFIGS_GAPS,
    async handle(context, { resources, validateOnly }) {
      return { throttleTimeMs: 0, responses: await alterConfigs(admin, context, resources, { replace: false, validateOnly }) };
    },
    fail: ({ resources }, code, message) => {
      const outcome = { errorCode: code, errorMessage: message ?? errorMessage(code) };
      return { throttleTimeMs: 0, responses: resources.map((resource) => alterConfigsResult(resource, outcome)) };
    },
  };
}
