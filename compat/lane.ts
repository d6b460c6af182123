/** What one producer sends to one partition: records numbered 0, 1, 2 …; what was acknowledged of them, and what a reader finds. */
export class Lane {
  #sent = 0;
  #acknowledged = 0;
  #read = 0;
  /** By number, from whoever told first: the broker's answer or a reader. The other must say the same. */
  readonly #offsets: number[] = [];

  constructor(readonly producer: number, readonly partition: number) {}

  /** How many records have been acknowledged: all before the first that was not. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The content of a record. */
  value(number: number): string {
    return `${this.producer} ${this.partition} ${number} ${".".repeat((number * 31) % 150)}`;
  }

  /** Takes the next `count` numbers to be sent; answers the first. */
  take(count: number): number {
    this.#sent += count;
    return this.#sent - count;
  }

  /** The broker says that `count` records from number `first` on lie from `offset` on. Throws when that cannot be. */
  acknowledge(first: number, count: number, offset: number): void {
    if (first !== this.#acknowledged) throw new Error(`${this}: ${first} was acknowledged where ${this.#acknowledged} comes next`);
    for (let i = 0; i < count; i++) this.#locate(first + i, offset + i);
    this.#acknowledged += count;
  }

  /** A reader finds the record after the last it found. Throws when it is not the next one, whole, and where it was acknowledged. */
  see(value: string, offset: number): void {
    const number = this.#read++;
    if (value !== this.value(number)) throw new Error(`${this}: "${value}" at offset ${offset} where number ${number} comes next`);
    if (number >= this.#sent) throw new Error(`${this}: ${number} at offset ${offset} was never sent`);
    this.#locate(number, offset);
  }

  /** A reader has seen the whole partition. Throws when something was not there that was acknowledged, or has been read before. */
  end(): void {
    const { length } = this.#offsets;
    if (this.#read < length) {
      throw new Error(`${this}: ${this.#acknowledged} acknowledged, ${length} acknowledged or read, ${this.#read} found`);
    }
  }

  /** What a reader has not found, beginning anew, is lost: its numbers are sent again. Answers how many of them had been acknowledged. */
  loseUnread(): number {
    const lost = Math.max(0, this.#acknowledged - this.#read);
    this.#sent = this.#acknowledged = this.#offsets.length = this.#read;
    return lost;
  }

  /** A reader begins anew. */
  rewind(): void {
    this.#read = 0;
  }

  toString(): string {
    return `producer ${this.producer} in partition ${this.partition}`;
  }

  #locate(number: number, offset: number): void {
    const known = this.#offsets[number] ??= offset;
    if (known !== offset) throw new Error(`${this}: ${number} is at offset ${offset} and was at ${known}`);
  }
}
