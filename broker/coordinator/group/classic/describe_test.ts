import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { GroupHarness } from "../../testing/group_harness.ts";
import { describedGroup } from "./describe.ts";

const given = Uint8Array.of(7);
const nothing = new Uint8Array(0);

/** The state, the protocol, and what each member said and was given. */
function seen(h: GroupHarness) {
  const { groupState, protocolData, members } = describedGroup(h.group());
  return [groupState, protocolData, ...members.flatMap(({ memberMetadata, memberAssignment }) => [memberMetadata, memberAssignment])];
}

describe("DescribeGroups", () => {
  it("tells what members were given, also while they rebalance, until a rebalance cuts another short", async () => {
    const h = new GroupHarness();
    const said = Uint8Array.of(1, 2, 3);
    const memberId = (await h.join({}, 3)).response!.memberId;
    await h.sync({ memberId, generationId: 1, assignments: [{ memberId, assignment: given }] });
    assert.deepEqual(seen(h), ["Stable", "range", said, given]);
    await h.join({}, 3);
    assert.deepEqual(seen(h), ["PreparingRebalance", "", nothing, given, nothing, nothing]);
    await h.join({ memberId }, 3);
    assert.deepEqual(seen(h), ["CompletingRebalance", "", nothing, given, nothing, nothing]);
    await h.join({ memberId, protocols: [{ name: "range", metadata: Uint8Array.of(4) }] }, 3);
    assert.deepEqual(seen(h), ["PreparingRebalance", "", nothing, nothing, nothing, nothing]);
    const other = [...h.group().members.keys()][1];
    await h.join({ memberId: other }, 3);
    const assignments = [{ memberId: other, assignment: given }];
    await h.sync({ memberId, generationId: 3, assignments });
    assert.deepEqual(seen(h), ["Stable", "range", Uint8Array.of(4), nothing, said, given]);
  });
});
