import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { ZERO_UUID } from "../../../protocol/mod.ts";
import { type GroupRecord, groupRecordCodec, sizeOf } from "./records.ts";

const hex = (...parts: string[]): Uint8Array =>
  Uint8Array.from(parts.join("").replaceAll(" ", "").match(/../g)!, (byte) => parseInt(byte, 16));

const commit: GroupRecord = {
  type: "OffsetCommit",
  key: { group: "g", topic: "t", partition: 2 },
  value: { offset: 5, leaderEpoch: 3, metadata: "m", commitTimestamp: 1_000, expireTimestamp: -1, topicId: ZERO_UUID },
};

describe("group records", () => {
  it("are written in Kafka 4.3's bytes: a commit", () => {
    const { key, value } = groupRecordCodec.encode(commit);
    assert.deepEqual(key, hex("0001", "0001 67", "0001 74", "00000002"));
    // version 4: offset, epoch, compact metadata, timestamp, no tagged fields
    assert.deepEqual(value, hex("0004", "0000000000000005", "00000003", "02 6d", "00000000000003e8", "00"));
    assert.deepEqual(groupRecordCodec.decode(key, value), commit);
  });

  it("are written in Kafka 4.3's bytes: a commit that expires, a tombstone", () => {
    const expiring: GroupRecord = { ...commit, value: { ...commit.value!, expireTimestamp: 2_000 } };
    const { value } = groupRecordCodec.encode(expiring);
    assert.deepEqual(value, hex("0001", "0000000000000005", "0001 6d", "00000000000003e8", "00000000000007d0"));
    const tombstone: GroupRecord = { ...commit, value: null };
    const encoded = groupRecordCodec.encode(tombstone);
    assert.equal(encoded.value, null);
    assert.deepEqual(groupRecordCodec.decode(encoded.key, null), tombstone);
  });

  it("are written in Kafka 4.3's bytes: a group", () => {
    const record: GroupRecord = {
      type: "GroupMetadata",
      key: { group: "g" },
      value: {
        protocolType: "consumer",
        generation: 1,
        protocol: "range",
        leader: "l",
        currentStateTimestamp: 1_000,
        members: [{
          memberId: "l",
          groupInstanceId: null,
          clientId: "c",
          clientHost: "/h",
          rebalanceTimeout: 2,
          sessionTimeout: 1,
          subscription: Uint8Array.of(1),
          assignment: Uint8Array.of(2),
        }],
      },
    };
    const { key, value } = groupRecordCodec.encode(record);
    assert.deepEqual(key, hex("0002", "0001 67"));
    const head = hex("0003", "0008 636f6e73756d6572", "00000001", "0005 72616e6765", "0001 6c", "00000000000003e8");
    const member = hex("00000001", "0001 6c", "ffff", "0001 63", "0002 2f68", "00000002", "00000001", "00000001 01", "00000001 02");
    assert.deepEqual(value, Uint8Array.of(...head, ...member));
    const decoded = groupRecordCodec.decode(key, value);
    assert.deepEqual(decoded, record);
    value!.fill(0);
    assert.deepEqual(decoded, record, "nothing of the log's bytes is kept");
  });

  it("skip kinds that are not known, refuse versions that are not", () => {
    assert.equal(groupRecordCodec.decode(hex("0003", "0001 67"), null), null);
    const { key, value } = groupRecordCodec.encode(commit);
    value![1] = 9;
    assert.throws(() => groupRecordCodec.decode(key, value), /version 9/);
    assert.throws(() => groupRecordCodec.decode(null, value), /without a key/);
    assert.throws(() => groupRecordCodec.decode(key!.subarray(0, 5), value));
  });

  it("are about as large as sizeOf says", () => {
    assert.equal(sizeOf([commit, commit]), 61 + 2 * (12 + 25 + 16));
  });
});
