"""
A copier of librdkafka: what Kafka's TransactionalMessageCopier does, with the errors handled as librdkafka's manual tells. It never ends but by an error
that is fatal. Arguments: bootstrap, input topic, output topic, group, transactional id, most records of a transaction.
"""

import random
import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

LIMIT = 30
ABORT_ONE_IN = 3


def main(bootstrap, source, target, group, transactional_id, size):
    base = {
        "bootstrap.servers": bootstrap,
        "reconnect.backoff.ms": 50,
        "reconnect.backoff.max.ms": 500,
        "log_level": 0,
        # A client that has lost all brokers forgets them by default, and librdkafka 2.16 waits in send_offsets_to_transaction for the group's
        # coordinator among those that it has forgotten (confluentinc/librdkafka#5511), whoever the broker is.
        "metadata.recovery.strategy": "none",
    }
    producer = Producer({**base, "transactional.id": transactional_id, "linger.ms": 1, "batch.num.messages": 5, "retry.backoff.ms": 50})
    consumer = Consumer(
        {
            **base,
            "group.id": group,
            "session.timeout.ms": 2_000,
            "heartbeat.interval.ms": 300,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "fetch.wait.max.ms": 100,
        }
    )
    again(lambda: producer.init_transactions(LIMIT))
    consumer.subscribe([source])
    while True:
        records = [each for each in consumer.consume(size, 0.1) if each.error() is None]
        if not records:
            continue
        try:
            copy(producer, consumer, records, target)
        except KafkaException as error:
            if not error.args[0].txn_requires_abort():
                raise
            abort(producer, consumer)


def copy(producer, consumer, records, target):
    producer.begin_transaction()
    for each in records:
        producer.produce(target, each.value(), each.key(), each.partition())
    offsets = [each for each in consumer.position(consumer.assignment()) if each.offset >= 0]
    metadata = consumer.consumer_group_metadata()
    again(lambda: producer.send_offsets_to_transaction(offsets, metadata, LIMIT))
    if random.randrange(ABORT_ONE_IN) == 0:
        abort(producer, consumer)
    else:
        again(lambda: producer.commit_transaction(LIMIT))


def abort(producer, consumer):
    """What was copied in vain is read again."""
    again(lambda: producer.abort_transaction(LIMIT))
    for each in again(lambda: consumer.committed(consumer.assignment(), LIMIT)):
        consumer.seek(TopicPartition(each.topic, each.partition, max(each.offset, 0)))


def again(call):
    """An error that librdkafka calls retriable tells to call once more."""
    while True:
        try:
            return call()
        except KafkaException as error:
            if not error.args[0].retriable():
                raise
            print(error, flush=True)


main(*sys.argv[1:6], int(sys.argv[6]))
