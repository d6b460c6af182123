import { boundaries } from "../boundaries.ts";
import type { History } from "../history.ts";
import { bases } from "./bases.ts";

export { fixture } from "./fixture.ts";

/** Everything that is asked of both brokers. */
export const histories: readonly History[] = bases.flatMap(boundaries);
