import { checkLimit, type Random } from "../random.ts";

/** The most that `getRandomValues` fills at once. */
const PIECE = 65_536;

/** Randomness fit for secrets. */
export const denoRandom: Random = {
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; done += PIECE) crypto.getRandomValues(bytes.subarray(done, done + PIECE));
    return bytes;
  },

  below(limit: number): number {
    checkLimit(limit);
    const word = new Uint32Array(1);
    const fair = 2 ** 32 - 2 ** 32 % limit;
    do crypto.getRandomValues(word); while (word[0] >= fair);
    return word[0] % limit;
  },
};
