/** Kafka's own message classes in a JVM (`compat/java/MessageExchange.java`), asked by lines. */
import type { FieldSpecs } from "../../protocol/schema/spec.ts";
import type { Codec } from "../../protocol/testing/codecs.ts";
import { type Schema, schemaName } from "../../protocol/testing/schemas.ts";
import { java } from "../java.ts";
import type { Child } from "../processes.ts";

/** What Kafka's classes say of a message. */
export interface JavaMessage {
  /** In the JSON of Kafka's converters; numbers that JavaScript's JSON cannot hold are strings. */
  readonly message: Record<string, unknown>;
  /** In base64, as is `extended`. */
  readonly bytes: string;
  /** The same message with tagged fields that nobody knows; only in versions that can have them, and of messages that Java made. */
  readonly extended?: string;
  /** Why there is no message. */
  readonly error?: string;
}

/** The int64 fields, by Kafka's names, that are bigints here. */
function wideFields(fields: FieldSpecs): string[] {
  return Object.entries(fields).flatMap(([name, spec]) => [
    ...(spec.int64 === "bigint" ? [`${name[0].toUpperCase()}${name.slice(1)}`] : []),
    ...wideFields(spec.fields ?? {}),
  ]);
}

/** One JVM; it answers in the order in which it is asked. */
export class JavaMessages {
  readonly #child: Child;
  readonly #waiting: { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void }[] = [];

  constructor() {
    this.#child = java("compat.MessageExchange", [], { heap: "512m", small: true, onLine: (line) => this.#waiting.shift()?.resolve(line) });
    void this.#child.finished().then(({ code }) => {
      this.#fail(new Error(`the JVM exited ${code}:\n${this.#child.tail.slice(-5).join("\n").slice(0, 2000)}`));
    });
  }

  /** Kafka's version and all its schemas by name. */
  async schemas(): Promise<{ version: string; schemas: Map<string, Schema> }> {
    const [{ version, schemas }] = await this.#ask(["schemas"]) as [{ version: string; schemas: Schema[] }];
    return { version, schemas: new Map(schemas.map((schema) => [schema.name, schema])) };
  }

  /** What each of these bytes say. */
  read(codec: Codec, version: number, messages: readonly Uint8Array[]): Promise<JavaMessage[]> {
    return this.#ask(messages.map((bytes) => `read ${schemaName(codec)} ${version} ${bytes.toBase64()}`));
  }

  /** Messages made by Java (`compat/java/RandomMessage.java`), by their numbers. The same seed gives the same ones. */
  make(codec: Codec, version: number, seed: number, numbers: readonly number[], longest = false): Promise<JavaMessage[]> {
    const wide = wideFields(codec.fields).join(",");
    return this.#ask(numbers.map((number) => `make ${schemaName(codec)} ${version} ${seed} ${number} ${longest} ${wide}`));
  }

  async close(): Promise<void> {
    if (!this.#child.hasExited) await this.#child.closeInput();
    await this.#child.finished();
  }

  async #ask<T>(lines: readonly string[]): Promise<T[]> {
    const answers = lines.map(() => new Promise<string>((resolve, reject) => this.#waiting.push({ resolve, reject })));
    // Not waited for: the JVM answers while it is asked. One that is gone has said why, if it was asked before.
    void this.#child.write(lines.map((line) => `${line}\n`).join("")).catch(async (error) => {
      await this.#child.finished();
      this.#fail(error);
    });
    return (await Promise.all(answers)).map((answer) => JSON.parse(answer) as T);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
