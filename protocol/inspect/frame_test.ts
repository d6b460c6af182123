import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ApiVersions } from "../generated/18_api_versions.ts";
import { ConsumerProtocolSubscription } from "../generated/records/consumer_protocol_subscription.ts";
import { JoinGroup } from "../generated/11_join_group.ts";
import { Metadata } from "../generated/03_metadata.ts";
import { writeRequestFrame, writeResponseFrame } from "../header.ts";
import { Writer } from "../wire/mod.ts";
import { inspectFrames, inspectRequest } from "./frame.ts";
import { type Node, problemsOf } from "./node.ts";

const noTopics = {
  topics: [],
  allowAutoTopicCreation: true,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
};

/** A request of Metadata with its length. */
function metadataRequest(clientId: string | null = "shop"): Uint8Array {
  const writer = new Writer(64);
  writeRequestFrame(writer, Metadata, { apiVersion: 9, correlationId: 7, clientId }, noTopics);
  return writer.written();
}

/** The node at a path of names. */
function at(node: Node, ...names: readonly string[]): Node {
  return names.reduce((inside, name) => inside.children!.find((child) => child.name === name)!, node);
}

const messages = (nodes: readonly Node[]): string[] =>
  nodes.flatMap((node) => [...problemsOf(node)].map(({ path, problem }) => `${path}, byte ${problem.offset}: ${problem.message}`));

describe("frames", () => {
  test("with their length, one or many, and one without", () => {
    const frame = metadataRequest();
    const twice = Uint8Array.of(...frame, ...frame);
    const [first, second] = inspectFrames(twice, null);
    assert.deepEqual([first.type, first.offset, first.length], ["Metadata v9", 0, frame.length]);
    assert.deepEqual([second.type, second.offset, second.length], ["Metadata v9", frame.length, frame.length]);
    assert.deepEqual([at(second, "length").value, at(second, "header", "clientId").value], [frame.length - 4, "shop"]);
    assert.deepEqual(at(second, "header", "clientId").offset, frame.length + 12);

    const [bare] = inspectFrames(frame.subarray(4), null);
    assert.deepEqual([bare.type, bare.offset, at(bare, "header", "apiKey").note], ["Metadata v9", 0, "Metadata"]);
    assert.deepEqual(messages([first, second, bare]), []);
    assert.deepEqual(inspectFrames(new Uint8Array(), null), []);
  });

  test("cut off: the length and the field say so", () => {
    const frame = metadataRequest();
    assert.deepEqual(
      messages(inspectFrames(frame.subarray(0, frame.length - 3), null)),
      [
        `length, byte 0: a frame of ${frame.length - 4} bytes, of which ${frame.length - 7} are there`,
        `body.includeClusterAuthorizedOperations, byte ${frame.length - 3}: 1 bytes needed where 0 are left`,
      ],
    );
  });

  test("a byte too many", () => {
    const frame = metadataRequest().slice(4);
    assert.deepEqual(messages([inspectRequest(Uint8Array.of(...frame, 0))]), [`body, byte ${frame.length}: 1 bytes too many`]);
  });

  test("an API or version that nobody knows, and what is no frame", () => {
    const header = (apiKey: number, version: number) => Uint8Array.of(apiKey >> 8, apiKey, 0, version, 0, 0, 0, 1, 0xff, 0xff);
    assert.deepEqual(messages(inspectFrames(header(32000, 0), null)), ["header, byte 0: no API has the key 32000"]);
    assert.deepEqual(messages(inspectFrames(header(3, 99), null)), ["header, byte 2: Metadata has no version 99"]);
    assert.deepEqual(messages(inspectFrames(Uint8Array.of(0, 3, 0), null)), ["header.apiVersion, byte 2: 2 bytes needed where 1 are left"]);
  });

  test("unknown tagged fields of a header", () => {
    const [frame] = [metadataRequest(null).slice(4)];
    const tagged = Uint8Array.of(...frame.subarray(0, 10), 1, 5, 2, 0xca, 0xfe, ...frame.subarray(11));
    const node = inspectRequest(tagged);
    assert.deepEqual(at(node, "header", "taggedFields", "tag 5").value, Uint8Array.of(0xca, 0xfe));
    assert.deepEqual(messages([node]), []);
  });

  test("responses, of ApiVersions too, whose header has no tagged fields", () => {
    const writer = new Writer(64);
    const response = { errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }], throttleTimeMs: 0 };
    writeResponseFrame(writer, ApiVersions, 3, 7, response);
    const [node] = inspectFrames(writer.written(), { apiKey: ApiVersions.key, version: 3 });
    assert.deepEqual(messages([node]), []);
    assert.deepEqual([at(node, "header", "correlationId").value, at(node, "body", "errorCode").note], [7, "UNSUPPORTED_VERSION"]);
    assert.equal(at(node, "body", "apiKeys", "[0]", "apiKey").note, "ApiVersions");
  });
});

describe("the consumer protocol inside a request", () => {
  const joining = (protocolType: string, metadata: Uint8Array): Node => {
    const writer = new Writer(64);
    writeRequestFrame(writer, JoinGroup, { apiVersion: 9, correlationId: 1, clientId: null }, {
      groupId: "kitchen",
      sessionTimeoutMs: 1,
      rebalanceTimeoutMs: 1,
      memberId: "",
      groupInstanceId: null,
      protocolType,
      protocols: [{ name: "range", metadata }],
      reason: null,
    });
    return inspectFrames(writer.written(), null)[0];
  };
  const subscription = (): Uint8Array => {
    const writer = new Writer(64);
    writer.int16(1);
    ConsumerProtocolSubscription.write(writer, { topics: ["tea"], userData: null, ownedPartitions: [], generationId: -1, rackId: null }, 1);
    return writer.written().slice();
  };

  test("of a group of consumers", () => {
    const node = joining("consumer", subscription());
    const metadata = at(node, "body", "protocols", "[0]", "metadata");
    assert.deepEqual([at(metadata, "version").value, at(metadata, "topics").value], [1, ["tea"]]);
    // Behind the compact length, and behind the version.
    assert.deepEqual([at(metadata, "version").offset, at(metadata, "topics").offset], [metadata.offset + 1, metadata.offset + 3]);
    assert.deepEqual(messages([node]), []);
  });

  test("damaged: a problem there, and the request is read to its end", () => {
    const node = joining("consumer", subscription().subarray(0, 8));
    const metadata = at(node, "body", "protocols", "[0]", "metadata");
    assert.deepEqual(messages([node]), [`body.protocols[0].metadata.topics, byte ${metadata.offset + 9}: 3 bytes needed where 0 are left`]);
    assert.equal(at(node, "body", "reason").value, null);
  });

  test("of a newer version: as far as it is known", () => {
    const newer = Uint8Array.of(...subscription(), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1);
    newer[1] = 9;
    assert.deepEqual(messages([joining("consumer", newer)]), []);
  });

  test("of other groups: bytes", () => {
    const metadata = at(joining("connect", subscription()), "body", "protocols", "[0]", "metadata");
    assert.deepEqual([metadata.value, metadata.children], [subscription(), undefined]);
  });
});

test("no more nodes than are wanted are kept, and always the way to a problem", () => {
  const frame = metadataRequest().slice(4);
  const node = inspectRequest(frame.subarray(0, frame.length - 1), { maxNodes: 3 });
  assert.equal(messages([node]).length, 1);
  assert.equal(at(node, "header").omitted, 2);
  assert.ok(at(node, "body").children!.length === 1);
});
