import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName } from "../../protocol/errors.ts";
import { KafkaError } from "../kafka_error.ts";
import { decideFeatureUpdates } from "./features.ts";

type Update = readonly [feature: string, level: number, upgradeType: number];
const UPGRADE = 1;
const SAFE = 2;
const UNSAFE = 3;

function decided(finalized: Record<string, number>, ...updates: readonly Update[]): string {
  const asked = updates.map(([feature, maxVersionLevel, upgradeType]) => ({
    feature,
    maxVersionLevel,
    upgradeType,
    allowDowngrade: false,
  }));
  try {
    const records = decideFeatureUpdates(new Map(Object.entries(finalized)), asked);
    return records.map(({ data }) => JSON.stringify(data)).join(" ");
  } catch (error) {
    return error instanceof KafkaError ? errorName(error.code) : assert.fail(String(error));
  }
}

describe("levels of features", () => {
  const metadata = { "metadata.version": 30 };

  it("go up to what is supported, in a record", () => {
    assert.equal(decided({ "metadata.version": 29 }, ["metadata.version", 30, UPGRADE]), '{"name":"metadata.version","featureLevel":30}');
    assert.equal(decided({}, ["metadata.version", 7, UPGRADE]), '{"name":"metadata.version","featureLevel":7}');
  });

  it("are not written anew where they are as they should be", () => {
    for (const how of [UPGRADE, SAFE, UNSAFE]) assert.equal(decided(metadata, ["metadata.version", 30, how]), "");
  });

  const refused: readonly [why: string, update: Update][] = [
    ["beyond what is supported", ["metadata.version", 31, UPGRADE]],
    ["below what is supported", ["metadata.version", 6, UNSAFE]],
    ["turned off", ["metadata.version", 0, UNSAFE]],
    ["negative", ["metadata.version", -1, UNSAFE]],
    ["lower, by an upgrade", ["metadata.version", 29, UPGRADE]],
    ["lower, of metadata that would be lost", ["metadata.version", 29, SAFE]],
    ["lower, whatever is lost", ["metadata.version", 29, UNSAFE]],
    ["by no way that there is", ["metadata.version", 30, 0]],
    ["by a way beyond those", ["metadata.version", 30, 4]],
    ["of a feature that is not there", ["no.such.version", 1, UPGRADE]],
  ];
  for (const [why, update] of refused) {
    it(`are refused: ${why}`, () => assert.equal(decided(metadata, update), "INVALID_UPDATE_VERSION"));
  }

  it("do not go up by a downgrade", () => {
    assert.equal(decided({ "metadata.version": 29 }, ["metadata.version", 30, SAFE]), "INVALID_UPDATE_VERSION");
  });

  it("change all or none", () => {
    assert.equal(
      decided({ "metadata.version": 29 }, ["metadata.version", 30, UPGRADE], ["no.such.version", 1, UPGRADE]),
      "INVALID_UPDATE_VERSION",
    );
  });

  it("of a feature named twice are the last", () => {
    assert.equal(decided(metadata, ["metadata.version", 31, UPGRADE], ["metadata.version", 30, UPGRADE]), "");
  });
});
