/** A running 64-bit fingerprint of what happened, to compare two runs of one seed. Not cryptographic. */
export class Digest {
  #low = 0x811c9dc5;
  #high = 0x1b873593;

  addBytes(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) this.#mix(bytes[i]);
    this.#mix(bytes.length);
  }

  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
    this.#mix(text.length);
  }

  /** 16 hexadecimal digits. */
  get value(): string {
    return [this.#high, this.#low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #mix(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x01000193);
    this.#high = Math.imul((this.#high ^ value) + (this.#low >>> 15), 0x85ebca6b);
  }
}
