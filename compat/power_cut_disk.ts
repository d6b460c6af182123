/**
 * A file system that loses power. It lies in a file on another one that can copy a file in an instant (XFS, by reflink): the copy is what the
 * disk holds at that moment, without what the kernel would have written later. Needs root, loop devices, mkfs.xfs and mkfs.ext4.
 */

import type { Random } from "../platform/mod.ts";
import { MissingTool, succeeds } from "./prepare.ts";
import { run } from "./processes.ts";

/** How to make and mount what loses power. With `commit=300` ext4 writes nothing on its own that a test would live to see. */
const FILE_SYSTEMS = {
  "ext4": { make: ["mkfs.ext4", "-q", "-F"], options: "loop,commit=300" },
  "ext4, data=writeback": { make: ["mkfs.ext4", "-q", "-F"], options: "loop,commit=300,data=writeback" },
  "XFS": { make: ["mkfs.xfs", "-q"], options: "loop" },
} as const;

export type FileSystem = keyof typeof FILE_SYSTEMS;
export const fileSystems = Object.keys(FILE_SYSTEMS) as FileSystem[];

const WRITE_BACK_MS = 15;

export class PowerCutDisk {
  /** Where its files are. */
  readonly path: string;
  readonly #host: string;
  #cuts = 0;

  private constructor(private readonly dir: string, private readonly options: string) {
    this.path = `${dir}/disk`;
    this.#host = `${dir}/host`;
  }

  /** An empty one, with its parts in `dir`. Throws {@link MissingTool}. */
  static async make(dir: string, kind: FileSystem): Promise<PowerCutDisk> {
    const { make: [command, ...flags], options } = FILE_SYSTEMS[kind];
    if (Deno.uid() !== 0) throw new MissingTool("Cutting power needs root, to mount file systems.");
    for (const tool of ["mkfs.xfs", "mkfs.ext4"]) {
      if (!await succeeds(tool, "-V")) throw new MissingTool(`Cutting power needs ${tool}.`);
    }
    const disk = new PowerCutDisk(dir, options);
    for (const path of [disk.path, disk.#host]) await Deno.mkdir(path, { recursive: true });
    await run("truncate", ["--size=4G", `${dir}/host.img`]);
    await run("mkfs.xfs", ["-q", "-m", "reflink=1", `${dir}/host.img`]);
    await run("mount", ["-o", "loop", `${dir}/host.img`, disk.#host]);
    await run("truncate", ["--size=512M", disk.#image(0)]);
    await run(command, [...flags, disk.#image(0)]);
    await run("mount", ["-o", options, disk.#image(0), disk.path]);
    return disk;
  }

  /** What the disk holds now is what will be left. Whoever has files open may go on for a while. */
  async cut(): Promise<void> {
    await run("cp", ["--reflink=always", this.#image(this.#cuts), this.#image(this.#cuts + 1)]);
  }

  /** Power is back. Nobody may have files open any more. */
  async restore(): Promise<void> {
    await run("umount", [this.path]);
    await Deno.remove(this.#image(this.#cuts++));
    await run("mount", ["-o", this.options, this.#image(this.#cuts), this.path]);
  }

  /** Until the end, and in half of all cases, some file is written to the disk now and then, as the kernel may at any time. */
  async writeBack(random: Random, ended: () => boolean): Promise<void> {
    if (random.below(2) === 0) return;
    while (!ended()) {
      const files = filesBelow(this.path);
      using file = files.length === 0 ? null : await Deno.open(files[random.below(files.length)]).catch(ifThere);
      await file?.syncData();
      await new Promise((resolve) => setTimeout(resolve, random.below(WRITE_BACK_MS)));
    }
  }

  async close(): Promise<void> {
    for (const path of [this.path, this.#host]) await run("umount", [path]);
  }

  #image(number: number): string {
    return `${this.#host}/disk-${number}.img`;
  }
}

/** As many as are there at the moment, and hold something. */
function filesBelow(directory: string): string[] {
  const found: string[] = [];
  try {
    for (const { name, isDirectory, isFile } of Deno.readDirSync(directory)) {
      if (isDirectory) found.push(...filesBelow(`${directory}/${name}`));
      if (isFile && Deno.statSync(`${directory}/${name}`).size > 0) found.push(`${directory}/${name}`);
    }
  } catch (error) {
    ifThere(error);
  }
  return found;
}

function ifThere(error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
}
