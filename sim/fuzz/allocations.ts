/**
 * Counts what code asks for by size: elements of arrays and bytes of buffers made with a length, not those that grow by what is put into them.
 * It stands in for the constructors while it runs, so that everything is seen, whoever asks.
 */
export class Allocations {
  #asked = 0;
  readonly #originals: readonly [name: string, original: unknown][];

  constructor() {
    const handler: ProxyHandler<typeof Array> = {
      construct: (target, args, newTarget) => {
        if (typeof args[0] === "number") this.#asked += args[0];
        return Reflect.construct(target, args, newTarget);
      },
      apply: (target, self, args) => {
        if (typeof args[0] === "number") this.#asked += args[0];
        return Reflect.apply(target, self, args);
      },
    };
    const world = globalThis as unknown as Record<string, unknown>;
    this.#originals = ["Array", "Uint8Array", "ArrayBuffer"].map((name) => [name, world[name]]);
    for (const [name, original] of this.#originals) world[name] = new Proxy(original as typeof Array, handler);
  }

  /** Bytes and elements asked for since the last call. */
  take(): number {
    const asked = this.#asked;
    this.#asked = 0;
    return asked;
  }

  stop(): void {
    const world = globalThis as unknown as Record<string, unknown>;
    for (const [name, original] of this.#originals) world[name] = original;
  }
}
