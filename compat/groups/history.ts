import type { ClientName, MemberEvent, Offsets } from "../drivers/driver.ts";

/** All that was seen of one group over one topic. Times are milliseconds of the one clock that all processes share. */
export interface History {
  readonly partitions: number;
  readonly entries: readonly Entry[];
  /** The log end offset of each partition, when all was over; undefined when it did not come to that. */
  readonly ends: readonly number[] | undefined;
}

/** `member` numbers processes: one that returns with its instance id is another member. */
export type Entry =
  & { readonly at: number }
  & (
    | { readonly kind: "sending"; readonly content: string }
    | { readonly kind: "acknowledged"; readonly partition: number; readonly offset: number; readonly content: string }
    | { readonly kind: "started"; readonly member: number; readonly client: ClientName; readonly instanceId?: string }
    | { readonly kind: "ended"; readonly member: number; readonly how: "killed" | "left" }
    | { readonly kind: "said"; readonly member: number; readonly said: MemberEvent }
    /** `after` took the place of `before`, nothing else being under way. */
    | { readonly kind: "returned"; readonly before: number; readonly after: number }
    /** What OffsetFetch answered to a bystander between `from` and `at`; 0 for no offset. `last`: all had been committed. */
    | { readonly kind: "read"; readonly from: number; readonly offsets: Offsets; readonly last: boolean }
    /** It was asked to end, or killed, after `from` and answered again at `at`. */
    | { readonly kind: "outage"; readonly from: number; readonly killed: boolean }
  );
