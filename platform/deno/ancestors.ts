/** A process as the table of processes shows it. */
export interface ProcessEntry {
  readonly parent: number;
  readonly command: string;
}

/** Looks a process up, or answers null when there is none. */
export type ProcessTable = (pid: number) => ProcessEntry | null;

/** A process and the parent that it has as long as nobody between it and the command that was typed has died. */
export interface Link {
  readonly pid: number;
  readonly parent: number;
}

/** What may stand between the command that was typed and us: `npx` starts a shell, which starts Deno by way of Node. */
const carrier = /^(\S*[\\/])?(node|deno|npm|npx|sh|bash|dash|zsh|ash|busybox|cmd)(\.exe)?(\s|$)/i;
/** What somebody types, or has typed for them, to start us; npm calls itself `npm exec …`. */
const starter = /(^|[\\/\s])(npm|npx)(-cli\.js|\.exe)?\s|[\\/\s]?deno(\.exe)?\s(.*\s)?task\s/i;

/**
 * The links from process `pid` up to the topmost starter (`npx`, `npm`, `deno task`). Above that stands whoever typed the command: a shell may end
 * and leave a broker that was put into the background, so its end is no reason to stop.
 */
export function starterLinks(pid: number, table: ProcessTable): Link[] {
  const links: Link[] = [];
  let topmost = 0;
  for (let child = pid, entry = table(pid); entry !== null;) {
    const parent = table(entry.parent);
    if (parent === null || !carrier.test(parent.command)) break;
    links.push({ pid: child, parent: entry.parent });
    if (starter.test(parent.command)) topmost = links.length;
    [child, entry] = [entry.parent, parent];
  }
  return links.slice(0, topmost);
}

/** Calls `ended` once when one of the processes that started this one has died, at the latest half a second later. Nobody else would tell. */
export function watchStarters(ended: () => void): void {
  const linux = Deno.build.os === "linux";
  const table = linux ? linuxProcess : processList();
  const links = starterLinks(Deno.pid, table);
  if (links.length === 0) return;
  // An orphan gets another parent, even while its dead parent waits to be reaped. Elsewhere than on Linux only our own parent is so cheap to ask.
  const broken = linux
    ? ({ pid, parent }: Link) => linuxProcess(pid)?.parent !== parent
    : ({ pid, parent }: Link) => pid === Deno.pid && Deno.build.os !== "windows" ? Deno.ppid !== parent : !exists(parent);
  const timer = setInterval(() => {
    if (!links.some(broken)) return;
    clearInterval(timer);
    ended();
  }, 300);
  Deno.unrefTimer(timer);
}

function linuxProcess(pid: number): ProcessEntry | null {
  try {
    // The name in brackets may itself hold brackets; after the last one come the state and the parent.
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return { parent, command: Deno.readTextFileSync(`/proc/${pid}/cmdline`).replaceAll("\0", " ") };
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) throw error;
    return null;
  }
}

/** All processes as `ps` lists them (macOS, BSD). Windows has none: there only the parent is watched, as if it were a starter. */
function processList(): ProcessTable {
  if (Deno.build.os === "windows") {
    return (pid) => ({
      parent: pid === Deno.pid ? Deno.ppid : 0,
      command: pid === Deno.pid ? "deno" : pid === Deno.ppid ? "deno task " : "",
    });
  }
  const { stdout } = new Deno.Command("ps", { args: ["-axo", "pid=,ppid=,command="], stderr: "null" }).outputSync();
  const entries = new Map<number, ProcessEntry>();
  for (const [, pid, parent, command] of new TextDecoder().decode(stdout).matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)) {
    entries.set(Number(pid), { parent: Number(parent), command });
  }
  return (pid) => entries.get(pid) ?? null;
}

function exists(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
