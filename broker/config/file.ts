import { type Disk, DiskError } from "../../platform/mod.ts";
import { parseProperties } from "./properties.ts";
import { ConfigError, type ConfigValues } from "./row.ts";

/** Reads a `server.properties`. Throws {@link ConfigError} when it cannot be read. */
export function readPropertiesFile(disk: Disk, path: string): ConfigValues {
  try {
    const file = disk.open(path, { readOnly: true });
    try {
      const bytes = new Uint8Array(file.size);
      file.read(bytes, 0);
      return parseProperties(new TextDecoder().decode(bytes));
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw new ConfigError(`The configuration file ${path} cannot be read: ${reasons[error.code] ?? error.code}`, { cause: error });
  }
}

const reasons: Readonly<Partial<Record<DiskError["code"], string>>> = { ENOENT: "there is none", EACCES: "permission denied" };
