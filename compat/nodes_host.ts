/**
 * A broker of three nodes as a program, run with the configuration of the root: says where it is, then stops or starts the node that each line
 * of its input names (`stop 2`, `start 2`) and repeats the line when that is done. Its arguments are options of `startBroker` in JSON.
 */
import { startBroker } from "../broker/mod.ts";

const broker = await startBroker({ nodes: 3, ...JSON.parse(Deno.args[0]) });
console.log(broker.bootstrapServers);

let text = "";
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  text += chunk;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    const [command, id] = line.split(" ");
    const node = broker.node(Number(id));
    await (command === "stop" ? node.stop() : node.start());
    console.log(line);
  }
}
await broker.close();
