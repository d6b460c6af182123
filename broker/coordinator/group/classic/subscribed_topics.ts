import { DecodeError } from "../../../../protocol/mod.ts";
import { ConsumerProtocolSubscription } from "../../../../protocol/generated/records/consumer_protocol_subscription.ts";
import { Reader } from "../../../../protocol/wire/mod.ts";

/**
 * The topics that consumers subscribe to, out of what they said when they joined, or null when one of them said it in another way.
 * Every version begins like version 0, which is all that is read. Kafka: `ClassicGroup.computeSubscribedTopics`.
 */
export function subscribedTopics(subscriptions: Iterable<Uint8Array>): ReadonlySet<string> | null {
  const topics = new Set<string>();
  try {
    for (const subscription of subscriptions) {
      const reader = new Reader(subscription, { api: "ConsumerProtocolSubscription", version: 0 });
      reader.int16();
      for (const topic of ConsumerProtocolSubscription.read(reader, 0).topics) topics.add(topic);
    }
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
  return topics;
}
