import { compaction } from "./compaction.ts";
import { compat } from "./compat.ts";
import type { Campaign } from "./mutation.ts";
import { protocol } from "./protocol.ts";
import { storage } from "./storage.ts";
import { transactions } from "./transactions.ts";

/** All planted bugs, by the part of the project they are in. */
export const campaigns: Readonly<Record<string, Campaign>> = { protocol, compat, storage, compaction, transactions };
