import { ErrorCode } from "../../protocol/errors.ts";
import { UpdateFeatures, type UpdateFeaturesRequest, type UpdateFeaturesResponse } from "../../protocol/generated/57_update_features.ts";
import { authorizeCluster } from "../cluster_requests.ts";
import type { Handler } from "../handler.ts";
import type { MetadataService } from "../metadata/service.ts";

/** The last version that tells of each feature. */
const RESULTS_VERSION = 1;

/** Changes the finalized levels of features, all or none (KIP-584, KIP-778, KIP-1022). They are kept in the metadata log. Kafka: `QuorumController.updateFeatures`. */
export function updateFeatures(metadata: MetadataService): Handler<UpdateFeaturesRequest, UpdateFeaturesResponse> {
  return {
    api: UpdateFeatures,
    async handle(context, { featureUpdates, validateOnly }) {
      authorizeCluster(context, "Alter");
      await metadata.updateFeatures(featureUpdates, validateOnly);
      const told = context.apiVersion > RESULTS_VERSION ? [] : featureUpdates;
      return response(ErrorCode.NONE, null, told.map(({ feature }) => ({ feature, errorCode: ErrorCode.NONE, errorMessage: "NONE" })));
    },
    fail: (_request, code, message) => response(code, message, []),
  };
}

function response(errorCode: number, errorMessage: string | null, results: UpdateFeaturesResponse["results"]): UpdateFeaturesResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage, results };
}
