import { DiskError } from "../disk.ts";
import { type Address, NetworkError } from "../network.ts";

const diskCodes = new Set<string>(["ENOENT", "EEXIST", "ENOSPC", "EIO", "EACCES", "EMFILE", "EROFS"]);
const networkCodes = new Set<string>(["EADDRINUSE", "EADDRNOTAVAIL", "EACCES", "EMFILE", "ECONNRESET", "ECONNREFUSED"]);

/** What several names of one thing become. */
const synonyms: Record<string, string> = { EPERM: "EACCES", ENOTEMPTY: "EEXIST", EDQUOT: "ENOSPC", ENFILE: "EMFILE", EPIPE: "ECONNRESET" };

/** Names of Deno's own error classes where it gives no errno. */
const classes: Record<string, string> = {
  NotFound: "ENOENT",
  AlreadyExists: "EEXIST",
  NotCapable: "EACCES",
  PermissionDenied: "EACCES",
  AddrInUse: "EADDRINUSE",
  AddrNotAvailable: "EADDRNOTAVAIL",
  ConnectionReset: "ECONNRESET",
  ConnectionAborted: "ECONNRESET",
  ConnectionRefused: "ECONNREFUSED",
  BrokenPipe: "ECONNRESET",
  NotConnected: "ECONNRESET",
  Interrupted: "ECONNRESET",
  BadResource: "ECONNRESET",
};

export function diskError(error: unknown, operation: string, path: string): DiskError {
  const code = codeOf(error);
  return new DiskError(diskCodes.has(code) ? code as DiskError["code"] : "EOTHER", operation, path, { cause: error });
}

/** `what` failed, at `address` if there is one. */
export function networkError(error: unknown, what: string, address?: Address): NetworkError {
  const code = codeOf(error);
  const known = networkCodes.has(code) ? code as NetworkError["code"] : "EOTHER";
  const where = address === undefined ? what : `${what} ${address.hostname}:${address.port}`;
  return new NetworkError(known, `${where}: ${known === "EOTHER" ? messageOf(error) : known}`, { cause: error, address });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const code = "code" in error && typeof error.code === "string" ? error.code : classes[error.name] ?? "";
  return synonyms[code] ?? code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
