"""Several idempotent producers of librdkafka: the same program as java/SequenceSender.java, with the same arguments and output."""

import sys

from confluent_kafka import Producer


def producer(bootstrap):
    return Producer(
        {
            "bootstrap.servers": bootstrap,
            "enable.idempotence": True,
            "acks": "all",
            "max.in.flight.requests.per.connection": 5,
            "batch.num.messages": 15,
            "linger.ms": 1,
            "socket.timeout.ms": 500,
            "message.timeout.ms": 600000,
            "retry.backoff.ms": 20,
            "reconnect.backoff.ms": 20,
            "reconnect.backoff.max.ms": 200,
            "log_level": 0,
        }
    )


def report(error, message):
    name, number = message.value().decode().split(" ")
    record = f"{name} {message.partition()} {number}"
    print(f"ack {record} {message.offset()}" if error is None else f"failed {record} {error}", flush=True)


def send(client, topic, partition, value):
    while True:
        try:
            client.produce(topic, value, partition=partition, on_delivery=report)
            return
        except BufferError:
            client.poll(0.05)


def main(bootstrap, topic, partitions, producers, records):
    clients = [producer(bootstrap) for _ in range(int(producers))]
    for number in range(int(records)):
        for index, client in enumerate(clients):
            for partition in range(int(partitions)):
                send(client, topic, partition, f"librdkafka-{index} {number}")
            client.poll(0)
    for client in clients:
        client.flush()


main(*sys.argv[1:])
