"""librdkafka, by confluent-kafka, as a driver (see driver.ts)."""

import json
import logging
import queue
import re
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from librdkafka_steps import Steps, code_of
from lines import line_of, say, tell, unhex

IDLE_COMMIT = 0.3
REFUSALS = {
    KafkaError.ILLEGAL_GENERATION,
    KafkaError.UNKNOWN_MEMBER_ID,
    KafkaError.REBALANCE_IN_PROGRESS,
    KafkaError.FENCED_INSTANCE_ID,
    KafkaError._FENCED,
}


class Generation(logging.Handler):
    """The generation is shown only by the client's own log of JoinGroup's answer."""

    def __init__(self):
        super().__init__()
        self.current = None

    def emit(self, record):
        found = re.search(r"JoinGroup response: GenerationId (-?\d+)", record.getMessage())
        if found and int(found[1]) >= 0:
            self.current = int(found[1])


class Member:
    def __init__(self, bootstrap, request):
        self.topic = request["topic"]
        self.every = request["commitEvery"]
        self.next = {}
        self.uncommitted = 0
        self.committed_at = time.monotonic()
        self.generation = Generation()
        logger = logging.getLogger("librdkafka")
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.addHandler(self.generation)
        config = {
            "bootstrap.servers": bootstrap,
            "group.id": request["group"],
            "partition.assignment.strategy": request["assignor"],
            "session.timeout.ms": request["sessionTimeoutMs"],
            "heartbeat.interval.ms": 500,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 100,
            "reconnect.backoff.ms": 50,
            "reconnect.backoff.max.ms": 500,
            "debug": "cgrp",
        }
        if request.get("instanceId"):
            config["group.instance.id"] = request["instanceId"]
        self.consumer = Consumer(config, logger=logger)
        self.consumer.subscribe([self.topic], on_assign=self.on_assign, on_revoke=self.on_revoke, on_lost=self.on_lost)

    def on_assign(self, _, partitions):
        tell("assigned", partitions=[each.partition for each in partitions], generation=self.generation.current)

    def on_revoke(self, _, partitions):
        self.commit()
        self.give_up(partitions, lost=False)

    def on_lost(self, _, partitions):
        self.give_up(partitions, lost=True)

    def give_up(self, partitions, lost):
        for each in partitions:
            self.next.pop(each.partition, None)
        tell("revoked", partitions=[each.partition for each in partitions], lost=lost)

    def poll(self):
        message = self.consumer.poll(0.02)
        if message is not None and message.error() is not None:
            tell("problem", error=str(message.error()))
        elif message is not None:
            tell("record", line=line_of(message))
            self.next[message.partition()] = message.offset() + 1
            self.uncommitted += 1
        if self.uncommitted >= self.every or time.monotonic() - self.committed_at > IDLE_COMMIT:
            self.commit()

    def commit(self):
        self.committed_at = time.monotonic()
        offsets = sorted(self.next.items())
        self.next = {}
        self.uncommitted = 0
        if not offsets:
            return
        tell("committing", offsets=offsets)
        try:
            self.send_commit(offsets)
            tell("committed", offsets=offsets)
        except KafkaException as error:
            refused = error.args[0].code() in REFUSALS
            tell("refused" if refused else "failed", offsets=offsets, error=str(error.args[0]))
            self.next = dict(offsets) | self.next

    def send_commit(self, offsets):
        wanted = [TopicPartition(self.topic, partition, offset) for partition, offset in offsets]
        for each in self.consumer.commit(offsets=wanted, asynchronous=False):
            if each.error is not None:
                raise KafkaException(each.error)

    def leave(self):
        self.commit()
        self.consumer.close()


class Driver:
    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        self.member = None
        self.producer = None
        self.steps = Steps(bootstrap)

    def consume(self, request):
        self.member = Member(self.bootstrap, request)

    def leave(self, _):
        member, self.member = self.member, None
        if member is not None:
            member.leave()

    def produce(self, request):
        if self.producer is None:
            self.producer = Producer(
                {
                    "bootstrap.servers": self.bootstrap,
                    "enable.idempotence": True,
                    "linger.ms": 2,
                    "retry.backoff.ms": 50,
                    "reconnect.backoff.ms": 50,
                    "reconnect.backoff.max.ms": 500,
                    "log_level": 0,
                }
            )
        reports = [None] * len(request["records"])

        def report_to(index):
            def report(error, message):
                reports[index] = (error, message.offset())

            return report

        for index, (partition, timestamp, key, value, headers) in enumerate(request["records"]):
            self.producer.produce(
                request["topic"],
                key=unhex(key),
                value=unhex(value),
                partition=partition,
                timestamp=timestamp,
                headers=[(name, unhex(text)) for name, text in headers],
                on_delivery=report_to(index),
            )
        self.producer.flush()
        for error, _ in reports:
            if error is not None:
                raise KafkaException(error)
        return [offset for _, offset in reports]

    def serve(self, requests):
        while True:
            try:
                request = requests.get(timeout=None if self.member is None else 0.001)
            except queue.Empty:
                self.member.poll()
                continue
            if request is None:
                return
            if "scope" in request:
                threading.Thread(target=self.answer_step, args=[request], daemon=True).start()
            else:
                self.answer(request)

    def answer_step(self, request):
        try:
            say({"id": request["id"], "result": getattr(self.steps, request["op"])(request)})
        except Exception as error:
            say({"id": request["id"], "error": repr(error), "code": code_of(error)})

    def answer(self, request):
        try:
            say({"id": request["id"], "result": getattr(self, request["op"])(request)})
        except (KafkaException, BufferError) as error:
            say({"id": request["id"], "error": str(error)})


def read(requests):
    for line in sys.stdin:
        requests.put(json.loads(line))
    requests.put(None)


waiting = queue.Queue()
threading.Thread(target=read, args=[waiting], daemon=True).start()
Driver(sys.argv[1]).serve(waiting)
