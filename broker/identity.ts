import type { Disk, Random } from "../platform/mod.ts";
import { readText, replaceText } from "../storage/mod.ts";
import { newUuid } from "./metadata/service.ts";

/** Kafka's file for it, in Kafka's form, so that Kafka's tools know the directory. Kafka: `MetaProperties`. */
const FILE = "meta.properties";

/** Answers the cluster id of a data directory; gives it one when it is new. */
export async function clusterIdOf(disk: Disk, directory: string, nodeId: number, random: Random): Promise<string> {
  const found = readText(disk, `${directory}/${FILE}`)?.match(/^cluster\.id=(.+)$/m);
  if (found) return found[1];
  const clusterId = newUuid(random);
  await replaceText(disk, directory, FILE, `version=1\ncluster.id=${clusterId}\nnode.id=${nodeId}\ndirectory.id=${newUuid(random)}\n`);
  return clusterId;
}
