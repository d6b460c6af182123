import { int } from "../row.ts";

/** What a topic and, for topics that say nothing, a broker says about the codecs of `compression.type`. */
export const compressionLevelRows = {
  "compression.gzip.level": int(-1, "The gzip level, 1 to 9, or -1 for the library's own.", {
    min: 1,
    max: 9,
    or: -1,
    dynamic: true,
    applied: true,
  }),
  "compression.lz4.level": int(9, "The lz4 level, 1 to 17.", { min: 1, max: 17, dynamic: true }),
  "compression.zstd.level": int(3, "The zstd level.", { min: -131_072, max: 22, dynamic: true, applied: true }),
};
