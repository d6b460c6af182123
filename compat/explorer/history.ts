/** The language of the explorer: histories of raw requests, as data. */
import type { Order, Plain } from "./plain.ts";

/** A value of a request. `"$name"` is a value bound before; `{run}` within a string is an id of this run of the history, `{version}` its version. */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[] | Fields | ((bound: Bound) => Value);

/** Fields of a request. Those that are left out have their defaults; those that a version has not are left out there. */
export interface Fields {
  readonly [name: string]: Value;
}

/** Values taken from earlier answers of the same broker, by name. */
export type Bound = Readonly<Record<string, unknown>>;

/** One request and what is taken from its answer. */
export interface Step extends Order {
  readonly api: string;
  readonly request: Fields;
  /** Without one: the version under test if the API is the history's, else the API's newest. */
  readonly version?: number;
  /** By name, where in the answer the value stands: `topics/0/topicId`. A value that says "none" (0, -1, "", null) is not bound. */
  readonly bind?: Readonly<Record<string, string>>;
  /** Ask again while the answer has one of these error codes: what must be there before the history goes on. The last answer counts. */
  readonly whileError?: readonly number[];
  /** Ask again until the answer has this error code. */
  readonly untilError?: number;
  /** Ask again until this is so of the answer. */
  readonly until?: (answer: Plain) => boolean;
  /** The node that is asked, by its id; the first if left out. */
  readonly node?: number;
  /** The connection; each name is one to each node. */
  readonly on?: string;
  /** Do not wait for the answer: a later step of {@link Await} does. */
  readonly later?: string;
  /** Send it, and let whatever is answered be taken for the answer to the next request of the connection: Produce with acks=0. */
  readonly unanswered?: true;
  /** What of the answer is compared, where that is not all of it. */
  readonly see?: (answer: Plain) => Plain;
  /** The version of the answer, where it is not that of the request. */
  readonly answeredIn?: number;
}

/** Waits for the answer of a step before. */
export interface Await {
  readonly answerTo: string;
}

/** What happens, one step after the other, in each served version of `api`. */
export interface History {
  readonly name: string;
  readonly api: string;
  readonly steps: readonly (Step | Await)[];
  /** Versions, such as `3+`; all that are served if left out. */
  readonly versions?: string;
  /** One of very many, or one that makes a topic, which takes Kafka long: played in its oldest and newest version and one between, unless all are asked for. */
  readonly sampled?: true;
}

interface Asked extends Partial<Omit<Step, "api" | "request">> {
  readonly before?: readonly (Step | Await)[];
  readonly after?: readonly (Step | Await)[];
  readonly versions?: string;
}

/** A history of one request, with what must have happened before it and what is looked at after it. */
export function ask(api: string, name: string, request: Fields, more: Asked = {}): History {
  const { before = [], after = [], versions, ...rest } = more;
  return { name: `${api}: ${name}`, api, versions, steps: [...before, { api, request, ...rest }, ...after] };
}
