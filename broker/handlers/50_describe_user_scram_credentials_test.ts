import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorName } from "../../protocol/errors.ts";
import { DescribeUserScramCredentials } from "../../protocol/generated/50_describe_user_scram_credentials.ts";
import { BrokerWorld } from "../testing/world.ts";

describe("DescribeUserScramCredentials", () => {
  it("knows nobody", async () => {
    const client = await (await BrokerWorld.start(1, {})).connect();
    const told = async (...names: string[]): Promise<string[]> => {
      const { errorCode, results } = await client.call(DescribeUserScramCredentials, 0, { users: names.map((name) => ({ name })) });
      return [errorName(errorCode), ...results.map(({ user, errorCode }) => `${user}: ${errorName(errorCode)}`)];
    };
    assert.deepEqual(await told(), ["NONE"]);
    assert.deepEqual(await told("ann", "bob", "ann"), ["NONE", "ann: DUPLICATE_RESOURCE", "bob: RESOURCE_NOT_FOUND"]);
  });
});
