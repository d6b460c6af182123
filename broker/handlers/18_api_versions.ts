import { ErrorCode } from "../../protocol/errors.ts";
import { ApiVersions, type ApiVersionsRequest, type ApiVersionsResponse } from "../../protocol/generated/18_api_versions.ts";
import type { Route } from "../dispatch.ts";
import type { Handler } from "../handler.ts";
import { supportedFeatures } from "../metadata/features.ts";
import type { MetadataService } from "../metadata/service.ts";

/** What a client may call itself (KIP-511). */
const softwareName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/** Says which APIs are served, in which versions, and which features the cluster has. `routes` is the table it stands in itself. */
export function apiVersions(routes: () => Iterable<Route>, metadata: MetadataService): Handler<ApiVersionsRequest, ApiVersionsResponse> {
  return {
    api: ApiVersions,
    handle(context, request) {
      if (context.apiVersion >= 3) {
        const { clientSoftwareName: name, clientSoftwareVersion: version } = request;
        if (!softwareName.test(name) || !softwareName.test(version)) return refused(ErrorCode.INVALID_REQUEST);
        context.connection.software = { name, version };
      }
      return {
        errorCode: ErrorCode.NONE,
        apiKeys: [...routes()].map(({ handler, minVersion, maxVersion }) => ({ apiKey: handler.api.key, minVersion, maxVersion })),
        throttleTimeMs: 0,
        // Before version 4 a client cannot read a feature whose lowest version is 0 (KIP-1130): it is left out.
        supportedFeatures: supportedFeatures.filter(({ minVersion }) => context.apiVersion >= 4 || minVersion > 0),
        finalizedFeaturesEpoch: metadata.epoch,
        finalizedFeatures: [...metadata.catalogue.features].filter(([, level]) => level > 0).map(([name, level]) => ({
          name,
          maxVersionLevel: level,
          minVersionLevel: level,
        })),
        zkMigrationReady: false,
      };
    },
    fail: (_request, code) => refused(code),
  };
}

function refused(errorCode: number): ApiVersionsResponse {
  return { errorCode, apiKeys: [], throttleTimeMs: 0 };
}
