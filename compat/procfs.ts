/** What Linux tells about a process: memory, processor time, who listens on a port. */

/** Resident memory of `pid` in bytes. */
export function residentBytes(pid: number): number {
  const line = Deno.readTextFileSync(`/proc/${pid}/status`).match(/^VmRSS:\s+(\d+) kB$/m);
  if (line === null) throw new Error(`/proc/${pid}/status has no VmRSS`);
  return Number(line[1]) * 1024;
}

const TICKS_PER_SECOND = 100;

/** User and system processor time that all threads of `pid` have used, in seconds. */
export function processorSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The process that listens on TCP `port`, or undefined. */
export function listenerOf(port: number): number | undefined {
  const inodes = new Set(listeningInodes(port));
  if (inodes.size === 0) return undefined;
  for (const entry of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(entry.name)) continue;
    if (socketInodes(entry.name).some((inode) => inodes.has(inode))) return Number(entry.name);
  }
  return undefined;
}

export function isRunning(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || (error as { code?: string }).code === "ESRCH") return false;
    throw error;
  }
}

function listeningInodes(port: number): string[] {
  const LISTEN = "0A";
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => Deno.readTextFileSync(table).split("\n").slice(1)).flatMap((row) => {
    const fields = row.trim().split(/\s+/);
    return fields[3] === LISTEN && parseInt(fields[1].split(":")[1], 16) === port ? [fields[9]] : [];
  });
}

/** Inodes of the sockets a process holds; none for one that has gone or is not ours. */
function socketInodes(pid: string): string[] {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/fd`)].flatMap((descriptor) => {
      const inode = Deno.readLinkSync(`/proc/${pid}/fd/${descriptor.name}`).match(/^socket:\[(\d+)\]$/);
      return inode === null ? [] : [inode[1]];
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return [];
    if ((error as { code?: string }).code === "ESRCH") return [];
    throw error;
  }
}

/** Processes below `pid`, nearest first. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of Deno.readDirSync("/proc")) {
    if (/^\d+$/.test(entry.name)) parents.set(Number(entry.name), parentOf(entry.name));
  }
  const found = [pid];
  for (const parent of found) {
    for (const [child, childsParent] of parents) if (childsParent === parent) found.push(child);
  }
  return found.slice(1);
}

/** 0 for a process that has gone meanwhile. */
function parentOf(pid: string): number {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || (error as { code?: string }).code === "ESRCH") return 0;
    throw error;
  }
}
