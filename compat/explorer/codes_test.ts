import assert from "node:assert/strict";
import { it } from "node:test";
import { served } from "../../broker/handlers/mod.ts";
import { ErrorCode, type ErrorName } from "../../protocol/errors.ts";
import { rowFor, stale } from "./allowed.ts";
import { bases } from "./cases/bases.ts";
import { codes, contradictions, contradictionsOfNodes } from "./codes.ts";

/** What one side would have answered, had every case done what the table says. */
function asSaid(side: "kafka" | "here"): Map<string, Set<number>> {
  return new Map(
    Object.entries(codes).map(([api, rows]) => {
      const seen = (Object.keys(rows) as ErrorName[]).filter((name) => rows[name] === "both" || side in Object(rows[name]));
      return [api, new Set(seen.map((name) => ErrorCode[name]))];
    }),
  );
}

it("every API that is served, and no other, has a sound request and is in the table of codes", () => {
  const names = served().map(({ handler: { api } }) => api.name).sort();
  assert.deepEqual(Object.keys(codes).sort(), names);
  assert.deepEqual([...new Set(bases.map(({ api }) => api))].sort(), names);
});

it("a code that nobody answers, one that the table does not know, and one that it says is not provoked are told of the side they are of", () => {
  const [kafka, here] = [asSaid("kafka"), asSaid("here")];
  assert.deepEqual(contradictions(kafka, here), []);
  kafka.get("Fetch")!.delete(ErrorCode.OFFSET_OUT_OF_RANGE);
  here.get("Fetch")!.add(ErrorCode.UNKNOWN_SERVER_ERROR);
  here.get("JoinGroup")!.add(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
  here.get("ListGroups")!.add(999);
  assert.deepEqual(contradictions(kafka, here), [
    "Fetch: no case has made Apache Kafka answer OFFSET_OUT_OF_RANGE, as the table of codes says",
    "Fetch: the broker answers UNKNOWN_SERVER_ERROR, which the table of codes does not say",
    "JoinGroup: the broker answers COORDINATOR_LOAD_IN_PROGRESS, which the table of codes does not say",
    "ListGroups: the broker answers UNKNOWN(999), which the table of codes does not say",
  ]);
});

it("a code that three nodes do not answer, or answer though nobody says so, is told of the side it is of", () => {
  const asNodes = () =>
    new Map(
      Object.entries(codes).map(([api, rows]) => {
        const seen = (Object.keys(rows) as ErrorName[]).filter((name) => rows[name] === "nodes");
        return [api, new Set(seen.map((name) => ErrorCode[name]))];
      }),
    );
  const [kafka, here] = [asNodes(), asNodes()];
  assert.deepEqual(contradictionsOfNodes(kafka, here), []);
  kafka.get("ElectLeaders")!.delete(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
  here.get("Fetch")!.add(ErrorCode.OFFSET_OUT_OF_RANGE);
  here.get("Fetch")!.add(ErrorCode.CORRUPT_MESSAGE);
  assert.deepEqual(contradictionsOfNodes(kafka, here), [
    "Fetch: three nodes of the broker answer CORRUPT_MESSAGE, which the table of codes does not say",
    "ElectLeaders: no case has made three nodes of Apache Kafka answer PREFERRED_LEADER_NOT_AVAILABLE, as the table of codes says",
  ]);
});

it("a difference that is allowed and not there is told", () => {
  const difference = { path: "coordinators/0/errorMessage", kafka: "", here: "why" };
  const row = rowFor("FindCoordinator", "FindCoordinator: key type 2", difference)!;
  const all = stale(new Map());
  const others = stale(new Map([[row, 1]]));
  assert.deepEqual(all.filter((line) => !others.includes(line)), [
    `FindCoordinator coordinators/*/errorMessage where "key type 2": allowed (${row.why}), but there is no such difference`,
  ]);
});
