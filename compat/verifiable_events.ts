/** What VerifiableProducer and VerifiableConsumer print, a line of JSON an event. */

interface Place {
  readonly topic: string;
  readonly partition: number;
}

interface Event {
  readonly name: string;
  readonly partitions?: readonly (Place & { readonly count?: number; readonly minOffset?: number; readonly maxOffset?: number })[];
  readonly offsets?: readonly (Place & { readonly offset: number })[];
  readonly [field: string]: unknown;
}

/**
 * The events of a program without their times, what is of records sorted. How many records come at a time is chance: of what was consumed and committed
 * the sums and ends count.
 */
export function totals(lines: readonly string[]): string[] {
  const events = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Event);
  const told: string[] = [];
  const ofRecords: string[] = [];
  const consumed = new Map<string, { count: number; from: number; to: number }>();
  const committed = new Map<string, number>();
  for (const { timestamp: _, avg_throughput: __, ...event } of events) {
    if (event.name === "records_consumed") {
      for (const { topic, partition, count = 0, minOffset = -1, maxOffset = -1 } of event.partitions ?? []) {
        const before = consumed.get(`${topic}-${partition}`) ?? { count: 0, from: minOffset };
        consumed.set(`${topic}-${partition}`, { count: before.count + count, from: before.from, to: maxOffset });
      }
    } else if (event.name === "offsets_committed" && event.success === true) {
      for (const { topic, partition, offset } of event.offsets ?? []) committed.set(`${topic}-${partition}`, offset);
    } else if (event.name === "record_data" || event.name.startsWith("producer_send")) {
      ofRecords.push(JSON.stringify(event));
    } else {
      told.push(JSON.stringify(event));
    }
  }
  return [
    ...told,
    ...ofRecords.sort(),
    ...[...consumed].map(([partition, { count, from, to }]) => `consumed ${partition}: ${count}, from ${from} to ${to}`).sort(),
    ...[...committed].map(([partition, offset]) => `committed ${partition}: ${offset}`).sort(),
  ];
}
