import type { ConfigValues, Rows, ValueOf } from "./row.ts";

/** Typed values of properties: what was set, else the row's default. */
export class ConfigView<R extends Rows> {
  readonly #rows: R;
  readonly #values: ConfigValues;

  constructor(rows: R, values: ConfigValues) {
    this.#rows = rows;
    this.#values = values;
  }

  /** Throws {@link ConfigError} when the text that was set is no value of the property. */
  get<N extends keyof R & string>(name: N): ValueOf<R[N]> {
    const row = this.#rows[name];
    const text = this.#values[name] ?? row.initial;
    // Only rows that are declared nullable have a null default, so the cast is what `ValueOf` says.
    return (text === null ? null : row.parse(name, text).value) as ValueOf<R[N]>;
  }

  isSet(name: keyof R & string): boolean {
    return this.#values[name] !== undefined;
  }
}
