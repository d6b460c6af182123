import { served } from "../../../broker/handlers/mod.ts";
import { ask, type History } from "../history.ts";

/** Versions next to those that are served, for each API: what is too old or too new ends the connection, but for ApiVersions. */
export const versionHistories: readonly History[] = served().flatMap(({ handler: { api }, minVersion }) => {
  const tooOld = minVersion === api.minVersion ? minVersion - 1 : minVersion;
  return [tooOld, api.maxVersion + 1, 99].map((version) =>
    ask(api.name, `version ${version}`, {}, {
      version,
      versions: String(api.maxVersion),
      // Whoever asks ApiVersions in a version that nobody knows is answered in version 0 (KIP-511).
      ...(api.name === "ApiVersions" ? { answeredIn: 0 } : {}),
    })
  );
});
