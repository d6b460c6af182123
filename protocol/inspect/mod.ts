/**
 * Bytes of the protocol as trees of named fields with their places: for people who want to see what a frame, a batch or an internal record says,
 * and at which byte it goes wrong. It reads by the definitions in `protocol/schema/`, all of which it brings along: load it when it is needed.
 *
 * @module
 */
export { Contents } from "./content.ts";
export { apiByName } from "./definitions.ts";
export { inspectFrames, inspectRequest, inspectResponse } from "./frame.ts";
export type { ResponseOf } from "./frame.ts";
export { timeOf } from "./message.ts";
export { asFarAsPossible, Inspection, problemsOf, Scribe } from "./node.ts";
export type { InspectOptions, Node, Problem } from "./node.ts";
export { entrySize, inspectEntry } from "./records.ts";
export { jsonDocument, jsonLines, treeLines } from "./render.ts";
export type { RenderOptions } from "./render.ts";
