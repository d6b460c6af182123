import { served } from "../../broker/handlers/mod.ts";
import { type Allowed, rowFor } from "./allowed.ts";
import { playedIn } from "./boundaries.ts";
import type { History } from "./history.ts";
import { type Facts, newest, type Played, Player } from "./player.ts";
import { differences, type Plain } from "./plain.ts";

/** How many histories are played at a time, where nothing else is said. */
const LANES = 32;
const SILENCE_MS = 6_000;
/** When something differs it is looked at again, alone and with more patience. */
const PATIENT_SILENCE_MS = 10_000;
/** Without a fixture nothing can be compared. */
const FIXTURE_SILENCE_MS = 60_000;

/** Two brokers that are asked the same. */
export interface Pair {
  readonly kafka: Side;
  readonly here: Side;
}

/** A broker that answers, or a cluster of several. */
export interface Side {
  /** Of each node, in their order. */
  readonly bootstraps: readonly string[];
  readonly facts: Facts;
  /** What fixtures have bound. */
  shared: Readonly<Record<string, unknown>>;
}

/** What was compared, and what came of it. */
export interface Findings {
  /** Histories in one version each: their numbers are in the names of what they make. */
  plays: number;
  requests: number;
  answers: number;
  readonly pairs: Set<string>;
  readonly histories: Set<string>;
  readonly allowed: Map<Allowed, number>;
  /** Error codes by API, as each side has answered them. */
  readonly codes: { readonly kafka: Codes; readonly here: Codes };
  readonly differences: Found[];
}

type Codes = Map<string, Set<number>>;

/** A difference that no row allows. */
export interface Found {
  readonly history: string;
  readonly version: number;
  /** The API, the field and the two values. */
  readonly what: string;
}

/** A line for each difference, whatever the versions that show it. */
export function inLines(found: readonly Found[]): string[] {
  const versions = new Map<string, number[]>();
  for (const { history, version, what } of found) {
    const line = `${history}: ${what}`;
    versions.set(line, [...versions.get(line) ?? [], version]);
  }
  return [...versions].map(([line, of]) => `[${of.join(" ")}] ${line}`);
}

export function nothing(): Findings {
  const codes = { kafka: new Map(), here: new Map() };
  return { plays: 0, requests: 0, answers: 0, pairs: new Set(), histories: new Set(), allowed: new Map(), codes, differences: [] };
}

/** Plays every history in every served version against both brokers; of those that are sampled, in versions that the seed chooses (null: all). */
export async function explore(
  histories: readonly History[],
  { kafka, here }: Pair,
  findings: Findings,
  log: (line: string) => void,
  seed: number | null,
  lanes = LANES,
): Promise<void> {
  const plays = histories.flatMap((history) => sample(history, versionsOf(history), seed).map((version) => ({ history, version })));
  /** What was not the same, by play: the first difference of each. */
  const again = new Map<number, string>();
  const started = performance.now();
  const first = findings.plays;
  findings.plays += plays.length;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < plays.length) {
      const index = next++;
      const { history, version } = plays[index];
      try {
        const found = await play(history, version, `n${first + index}v${version}`, SILENCE_MS, kafka, here, findings, true);
        if (found.length > 0) again.set(index, found[0].what);
      } catch (error) {
        // A busy machine: an answer that a later request needs has not come in time.
        again.set(index, String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  log(`${plays.length} plays ${((performance.now() - started) / 1000).toFixed(1)} s, ${again.size} again`);
  for (const [index, before] of [...again].sort(([a], [b]) => a - b)) {
    const { history, version } = plays[index];
    const found = await play(history, version, `again${first + index}v${version}`, PATIENT_SILENCE_MS, kafka, here, findings, false);
    if (found.length === 0) log(`only once: ${history.name}, version ${version}: ${before}`);
    findings.differences.push(...found);
  }
}

/** A fixture, on both sides; what it binds all later histories know. */
export async function prepare(fixture: History, { kafka, here }: Pair): Promise<void> {
  await Promise.all([kafka, here].map((side) => prepareSide(fixture, side)));
}

/** The same on one side. */
export async function prepareSide(fixture: History, side: Side): Promise<void> {
  const player = new Player(side.bootstraps, side.facts, side.shared, fixture, Number(fixture.versions), "fixture", FIXTURE_SILENCE_MS);
  const played = await player.play();
  const failed = played?.find(({ outcome }) => typeof outcome === "string" || /"errorCode":[^0]/.test(JSON.stringify(outcome)));
  if (failed !== undefined) throw new Error(`${side.bootstraps} ${failed.api}: ${JSON.stringify(failed.outcome)}`);
  side.shared = player.bound;
}

/** A side whose nodes are reached there. */
export async function sideOf(bootstraps: readonly string[]): Promise<Side> {
  const facts = { clusterId: "", ports: bootstraps.map((each) => Number(each.split(":")[1])) };
  const steps = [{ api: "DescribeCluster", request: {}, bind: { clusterId: "clusterId" } }];
  const who = { name: "who is there", api: "DescribeCluster", steps };
  const player = new Player(bootstraps, facts, {}, who, newest("DescribeCluster"), "", PATIENT_SILENCE_MS);
  await player.play();
  return { bootstraps, facts: { ...facts, clusterId: String(player.bound.clusterId) }, shared: {} };
}

function versionsOf(history: History): number[] {
  const route = served().find(({ handler }) => handler.api.name === history.api);
  if (route === undefined) throw new Error(`${history.api} is not served`);
  const { minVersion, maxVersion } = route.handler.api;
  return Array.from({ length: maxVersion - minVersion + 1 }, (_, i) => minVersion + i).filter((version) => playedIn(history, version));
}

function sample({ sampled, name }: History, versions: readonly number[], seed: number | null): readonly number[] {
  if (!sampled || seed === null || versions.length < 4) return versions;
  const between = 1 + (seed + name.length) % (versions.length - 2);
  return [versions[0], versions[between], versions[versions.length - 1]];
}

async function play(
  history: History,
  version: number,
  run: string,
  silenceMs: number,
  kafka: Side,
  here: Side,
  findings: Findings,
  counts: boolean,
): Promise<Found[]> {
  const [theirs, ours] = await Promise.all(
    [kafka, here].map(({ bootstraps, facts, shared }) => new Player(bootstraps, facts, shared, history, version, run, silenceMs).play()),
  );
  if (theirs === null || ours === null) return [];
  findings.histories.add(history.name);
  for (const { api, outcome } of theirs) note(findings.codes.kafka, api, outcome);
  for (const { api, outcome } of ours) note(findings.codes.here, api, outcome);
  return theirs.flatMap((played, step) => {
    if (counts) {
      findings.requests += 2;
      if (typeof played.outcome !== "string") findings.answers++;
      findings.pairs.add(`${played.api} ${played.version}`);
    }
    return compare(history, version, played, ours[step], findings, counts);
  });
}

function compare(history: History, version: number, theirs: Played, ours: Played, { allowed }: Findings, counts: boolean): Found[] {
  return differences(theirs.outcome, ours.outcome).flatMap((difference) => {
    const row = rowFor(theirs.api, history.name, difference);
    if (row === undefined) {
      const { path, kafka, here } = difference;
      return [{ history: history.name, version, what: `${theirs.api} ${path}: Kafka ${told(kafka)}, here ${told(here)}` }];
    }
    allowed.set(row, (allowed.get(row) ?? 0) + (counts ? 1 : 0));
    return [];
  });
}

/** Takes down every error code of an answer. */
function note(codes: Codes, api: string, value: Plain): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, one] of Object.entries(value)) {
    if (!/errorCode$/i.test(name)) note(codes, api, one);
    else if (one !== 0) codes.set(api, (codes.get(api) ?? new Set()).add(one as number));
  }
}

function told(value: Plain | undefined): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
