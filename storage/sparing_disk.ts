import { type Disk, DiskError } from "../platform/mod.ts";

/** The disk, but where no descriptor is left for an operation `giveUp` closes files that can be opened again, if there are such, and it is tried once more. */
export function sparing(disk: Disk, giveUp: () => boolean): Disk {
  const insist = <T>(operation: () => T): T => {
    try {
      return operation();
    } catch (error) {
      if (!(error instanceof DiskError && error.code === "EMFILE" && giveUp())) throw error;
      return operation();
    }
  };
  return {
    open: (path, options) => insist(() => disk.open(path, options)),
    stat: (path) => disk.stat(path),
    list: (path) => insist(() => disk.list(path)),
    makeDirectory: (path) => disk.makeDirectory(path),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    async syncDirectory(path) {
      try {
        await disk.syncDirectory(path);
      } catch (error) {
        if (!(error instanceof DiskError && error.code === "EMFILE" && giveUp())) throw error;
        await disk.syncDirectory(path);
      }
    },
    lock: (path) => insist(() => disk.lock(path)),
    space: (path) => disk.space(path),
    descriptorLimit: () => disk.descriptorLimit(),
  };
}
