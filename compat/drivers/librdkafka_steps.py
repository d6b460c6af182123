"""What scenarios ask of librdkafka (steps/step.ts); many at a time, each on a thread of its own."""

import queue
import threading
import time
from concurrent.futures import Future

import confluent_kafka
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka import ConsumerGroupState, ConsumerGroupType, ElectionType, IsolationLevel, TopicCollection
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from lines import line_of, unhex

PRODUCER = "producer transactionalId transactionTimeoutMs"
CAN = {
    "createTopic": "topic partitions replicas config validateOnly assignments",
    "deleteTopic": "topic",
    "listTopics": "",
    "describeTopic": "topic",
    "describeConfigs": "type=topic type=broker name",
    "listOffsets": "topic partition at isolation",
    "describeCluster": "",
    "produce": "topic records acks compression idempotent timeoutMs timestamps " + PRODUCER,
    "fetch": "topic partition from count waitMs isolation reset maxBytes maxPartitionBytes minBytes maxWaitMs autoCreate",
    "join": "member group topics pattern assignor=range assignor=roundrobin assignor=cooperative-sticky protocol instanceId sessionTimeoutMs"
    " reset autoCommit process isolation",
    "status": "member",
    "poll": "member count waitMs",
    "commit": "member offsets",
    "leave": "member",
    "groupOffsets": "group",
    "describeGroup": "group",
    "listGroups": "states types",
    "deleteGroup": "group",
    "alterGroupOffsets": "group offsets metadata",
    "initTransactions": PRODUCER,
    "beginTransaction": PRODUCER,
    "commitTransaction": PRODUCER,
    "abortTransaction": PRODUCER,
    "sendOffsets": "producer group offsets member",
    "createPartitions": "topic count validateOnly assignments",
    "replaceConfigs": "type=topic type=broker name set",
    "alterConfigs": "type=topic type=broker name set append subtract remove",
    "deleteRecords": "topic partition before",
    "electLeaders": "topic partition",
    "alterScram": "user iterations",
    "describeScram": "user",
}
LIMIT = 15
TYPES = {"topic": ResourceType.TOPIC, "broker": ResourceType.BROKER}


def result_of(futures):
    """The one result of an admin call."""
    return next(iter(futures.values())).result(LIMIT)


def partitions_of(request, metadata=""):
    return [TopicPartition(topic, partition, offset, metadata) for topic, partition, offset in request["offsets"]]


class StepMember:
    """A member that polls on a thread of its own; what came waits to be asked for."""

    def __init__(self, config, request):
        self.lock = threading.Lock()
        self.lines, self.assigned, self.revoked, self.lost, self.problems = [], set(), [], [], []
        self.leaving = False
        self.calls = queue.Queue()
        self.consumer = Consumer(config)
        topics = ["^" + request["pattern"]] if "pattern" in request else request["topics"]
        self.consumer.subscribe(topics, on_assign=self.on_assign, on_revoke=self.on_revoke, on_lost=self.on_lost)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.leaving:
            while not self.calls.empty():
                self.answer(*self.calls.get())
            message = self.consumer.poll(0.05)
            if message is None:
                continue
            with self.lock:
                if message.error() is not None:
                    self.problems.append(str(message.error()))
                else:
                    self.lines.append(line_of(message))
        self.consumer.close()

    def answer(self, call, done):
        try:
            done.set_result(call(self.consumer))
        except KafkaException as error:
            done.set_exception(error)

    def call(self, call):
        """On the thread that polls: consumer_group_metadata of confluent-kafka 2.16 never returns on another while that one polls."""
        done = Future()
        self.calls.put((call, done))
        return done.result(LIMIT)

    def commit(self, offsets):
        def send(consumer):
            for each in consumer.commit(offsets=offsets, asynchronous=False):
                if each.error is not None:
                    raise KafkaException(each.error)

        self.call(send)

    def on_assign(self, _, partitions):
        with self.lock:
            self.assigned.update(f"{each.topic}-{each.partition}" for each in partitions)

    def on_revoke(self, _, partitions):
        self.give_up(partitions, self.revoked)

    def on_lost(self, _, partitions):
        self.give_up(partitions, self.lost)

    def give_up(self, partitions, to):
        names = [f"{each.topic}-{each.partition}" for each in partitions]
        with self.lock:
            self.assigned.difference_update(names)
            to.extend(names)

    def status(self):
        with self.lock:
            return {
                "assigned": sorted(self.assigned),
                "revoked": list(self.revoked),
                "lost": list(self.lost),
                "problems": list(self.problems),
            }

    def take(self, count, wait):
        deadline = time.monotonic() + wait
        while True:
            with self.lock:
                if len(self.lines) >= count or time.monotonic() > deadline:
                    taken, self.lines[:count] = self.lines[:count], []
                    return taken
            time.sleep(0.02)

    def leave(self):
        self.leaving = True
        self.thread.join(LIMIT)


class Steps:
    def __init__(self, bootstrap):
        self.base = {"bootstrap.servers": bootstrap, "client.id": "compat-librdkafka", "log_level": 0, "reconnect.backoff.max.ms": 500}
        self.base["allow.auto.create.topics"] = True
        self.base["topic.metadata.refresh.fast.interval.ms"] = 50
        self.lock = threading.Lock()
        self.made_admin = None
        self.producers = {}
        self.members = {}

    def admin(self):
        with self.lock:
            if self.made_admin is None:
                self.made_admin = AdminClient({**self.base, "socket.timeout.ms": 10_000})
            return self.made_admin

    def can(self, _):
        return {"version": confluent_kafka.libversion()[0], "can": {name: text.split() for name, text in CAN.items()}}

    def endScope(self, request):
        scope = request["scope"]
        with self.lock:
            members = [self.members.pop(name) for name in list(self.members) if name.startswith(scope)]
            producers = [self.producers.pop(name) for name in list(self.producers) if name.startswith(scope)]
        for each in members:
            each.leave()
        for each in producers:
            each.purge()

    def producer(self, request):
        name = str([request.get(each) for each in ("acks", "compression", "idempotent", "timeoutMs")])
        if "producer" in request:
            name = request["scope"] + request["producer"]
        with self.lock:
            if name not in self.producers:
                self.producers[name] = self.make_producer(request)
            return self.producers[name]

    def make_producer(self, request):
        config = {
            **self.base,
            "acks": request.get("acks", -1),
            "compression.type": request.get("compression", "none"),
            "enable.idempotence": request.get("idempotent", "transactionalId" in request),
            # All that a step sends to a partition is one batch: it lingers until the flush.
            "linger.ms": 1_000,
            "partitioner": "murmur2_random",
            "message.timeout.ms": 16_000,
            "request.timeout.ms": request.get("timeoutMs", 10_000),
            "message.max.bytes": 16_000_000,
            "batch.size": 8_000_000,
            "topic.metadata.propagation.max.ms": 15_000,
        }
        if "transactionalId" in request:
            config["transactional.id"] = request["transactionalId"]
            config["transaction.timeout.ms"] = request.get("transactionTimeoutMs", 10_000)
            config["message.timeout.ms"] = config["transaction.timeout.ms"]
        return Producer(config)

    def produce(self, request):
        producer = self.producer(request)
        reports = [None] * len(request["records"])

        def report_to(index):
            def report(error, message):
                reports[index] = (error, message.timestamp()[1] if request.get("timestamps") else message.offset())

            return report

        for index, (partition, timestamp, key, value, headers) in enumerate(request["records"]):
            more = {} if partition is None else {"partition": partition}
            if timestamp is not None:
                more["timestamp"] = timestamp
            producer.produce(
                request["topic"],
                key=unhex(key),
                value=unhex(value),
                headers=[(name, unhex(text)) for name, text in headers],
                on_delivery=report_to(index),
                **more,
            )
        while None in reports:
            producer.flush(1)
        for error, _ in reports:
            if error is not None:
                raise KafkaException(error)
        return None if request.get("acks") == 0 else [told for _, told in reports]

    def initTransactions(self, request):
        self.producer(request).init_transactions(LIMIT)

    def beginTransaction(self, request):
        self.producer(request).begin_transaction()

    def sendOffsets(self, request):
        if "member" in request:
            group = self.member(request).call(lambda consumer: consumer.consumer_group_metadata())
            self.producer(request).send_offsets_to_transaction(partitions_of(request), group, LIMIT)
            return
        consumer = Consumer(self.consumer_config(request))
        try:
            group = consumer.consumer_group_metadata()
            self.producer(request).send_offsets_to_transaction(partitions_of(request), group, LIMIT)
        finally:
            consumer.close()

    def commitTransaction(self, request):
        self.producer(request).commit_transaction(LIMIT)

    def abortTransaction(self, request):
        self.producer(request).abort_transaction(LIMIT)

    def consumer_config(self, request):
        config = {
            **self.base,
            "group.id": request.get("group", "compat-librdkafka"),
            "enable.auto.commit": request.get("autoCommit", False),
            "auto.commit.interval.ms": 200,
            "auto.offset.reset": {"none": "error"}.get(request.get("reset"), request.get("reset", "earliest")),
            "isolation.level": request.get("isolation", "read_uncommitted"),
            "fetch.wait.max.ms": request.get("maxWaitMs", 200),
            "fetch.min.bytes": request.get("minBytes", 1),
            "allow.auto.create.topics": request.get("autoCreate", False),
        }
        if "maxBytes" in request:
            config["fetch.max.bytes"] = max(request["maxBytes"], 1_000)
            config["message.max.bytes"] = 1_000
        if "maxPartitionBytes" in request:
            config["fetch.message.max.bytes"] = request["maxPartitionBytes"]
        return config

    def fetch(self, request):
        consumer = Consumer(self.consumer_config(request))
        try:
            consumer.assign(self.starts(consumer, request))
            lines = []
            deadline = time.monotonic() + request.get("waitMs", 10_000) / 1_000
            while len(lines) < request["count"] and time.monotonic() < deadline:
                message = consumer.poll(0.05)
                if message is None:
                    continue
                if message.error() is not None:
                    raise KafkaException(message.error())
                lines.append(line_of(message))
            return lines
        finally:
            consumer.close()

    def starts(self, consumer, request):
        topic, start = request["topic"], request["from"]
        if "partition" in request:
            numbers = [request["partition"]]
        else:
            found = consumer.list_topics(topic, LIMIT).topics[topic]
            if found.error is not None:
                raise KafkaException(found.error)
            numbers = sorted(found.partitions)
        if isinstance(start, dict):
            return consumer.offsets_for_times([TopicPartition(topic, each, start["timestamp"]) for each in numbers], LIMIT)
        offset = {"earliest": -2, "latest": -1}.get(start, start)
        return [TopicPartition(topic, each, offset) for each in numbers]

    def join(self, request):
        config = self.consumer_config(request)
        if request.get("protocol") == "consumer":
            config["group.protocol"] = "consumer"
        else:
            config["partition.assignment.strategy"] = request.get("assignor", "range")
            config["session.timeout.ms"] = request.get("sessionTimeoutMs", 6_000)
            config["heartbeat.interval.ms"] = 300
        if "instanceId" in request:
            config["group.instance.id"] = request["instanceId"]
        self.members[request["scope"] + request["member"]] = StepMember(config, request)

    def member(self, request):
        return self.members[request["scope"] + request["member"]]

    def status(self, request):
        return self.member(request).status()

    def poll(self, request):
        return self.member(request).take(request["count"], request.get("waitMs", 15_000) / 1_000)

    def commit(self, request):
        self.member(request).commit(partitions_of(request))

    def leave(self, request):
        self.members.pop(request["scope"] + request["member"]).leave()

    def createTopic(self, request):
        more = {"replica_assignment": request["assignments"]} if "assignments" in request else {
            "replication_factor": request.get("replicas", -1)
        }
        partitions = len(request["assignments"]) if "assignments" in request else request.get("partitions", -1)
        topic = NewTopic(request["topic"], partitions, config=request.get("config", {}), **more)
        result_of(self.admin().create_topics([topic], operation_timeout=LIMIT, validate_only=request.get("validateOnly", False)))

    def deleteTopic(self, request):
        result_of(self.admin().delete_topics([request["topic"]], operation_timeout=LIMIT))

    def listTopics(self, _):
        return sorted(self.admin().list_topics(timeout=LIMIT).topics)

    def describeTopic(self, request):
        found = result_of(self.admin().describe_topics(TopicCollection([request["topic"]])))
        return {
            "partitions": len(found.partitions),
            "replicas": len(found.partitions[0].replicas),
            "inSync": len(found.partitions[0].isr),
            "internal": found.is_internal,
            "leader": found.partitions[0].leader.id,
            "id": str(found.topic_id),
        }

    def describeCluster(self, _):
        found = self.admin().describe_cluster().result(LIMIT)
        return {"brokers": len(found.nodes), "controller": found.controller.id, "clusterId": found.cluster_id}

    def describeConfigs(self, request):
        entries = result_of(self.admin().describe_configs([ConfigResource(TYPES[request["type"]], request["name"])]))
        return {
            name: {
                "value": each.value,
                "readOnly": bool(each.is_read_only),
                "sensitive": bool(each.is_sensitive),
                "source": ConfigSource(each.source).name,
            }
            for name, each in entries.items()
        }

    def alterConfigs(self, request):
        entries = [ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in request.get("set", {}).items()]
        entries += [
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.APPEND) for name, value in request.get("append", {}).items()
        ]
        entries += [
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SUBTRACT) for name, value in request.get("subtract", {}).items()
        ]
        entries += [ConfigEntry(name, None, incremental_operation=AlterConfigOpType.DELETE) for name in request.get("remove", [])]
        resource = ConfigResource(TYPES[request["type"]], request["name"], incremental_configs=entries)
        result_of(self.admin().incremental_alter_configs([resource]))

    def replaceConfigs(self, request):
        result_of(self.admin().alter_configs([ConfigResource(TYPES[request["type"]], request["name"], set_config=request["set"])]))

    def listOffsets(self, request):
        at = request["at"]
        known = {"earliest": OffsetSpec.earliest, "latest": OffsetSpec.latest, "max-timestamp": OffsetSpec.max_timestamp}
        spec = OffsetSpec.for_timestamp(at["timestamp"]) if isinstance(at, dict) else known[at]()
        partition = TopicPartition(request["topic"], request.get("partition", 0))
        more = {"isolation_level": IsolationLevel.READ_COMMITTED} if "isolation" in request else {}
        found = result_of(self.admin().list_offsets({partition: spec}, **more))
        return {"offset": found.offset, "timestamp": found.timestamp, "leaderEpoch": found.leader_epoch}

    def createPartitions(self, request):
        more = {"replica_assignment": request["assignments"]} if "assignments" in request else {}
        wanted = NewPartitions(request["topic"], request["count"], **more)
        result_of(self.admin().create_partitions([wanted], validate_only=request.get("validateOnly", False)))

    def deleteRecords(self, request):
        found = result_of(self.admin().delete_records([TopicPartition(request["topic"], request["partition"], request["before"])]))
        return {"lowWatermark": found.low_watermark}

    def electLeaders(self, request):
        partition = TopicPartition(request["topic"], request["partition"])
        found = self.admin().elect_leaders(ElectionType.PREFERRED, [partition]).result(LIMIT)
        error = found[partition]
        if error is not None:
            raise error if isinstance(error, KafkaException) else KafkaException(error)

    def groupOffsets(self, request):
        found = result_of(self.admin().list_consumer_group_offsets([ConsumerGroupTopicPartitions(request["group"])]))
        for each in found.topic_partitions:
            if each.error is not None:
                raise KafkaException(each.error)
        return [
            {"topic": each.topic, "partition": each.partition, "offset": each.offset, "metadata": each.metadata or ""}
            for each in sorted(found.topic_partitions, key=lambda each: (each.topic, each.partition))
        ]

    def describeGroup(self, request):
        found = result_of(self.admin().describe_consumer_groups([request["group"]]))
        state = {"PREPARING_REBALANCING": "PreparingRebalance", "COMPLETING_REBALANCING": "CompletingRebalance"}
        return {
            "state": state.get(found.state.name, found.state.name.capitalize()),
            "protocol": found.partition_assignor,
            "type": found.type.name.capitalize(),
            "members": [
                {
                    "clientId": each.client_id,
                    "instanceId": each.group_instance_id,
                    "host": each.host,
                    "assigned": sorted(f"{one.topic}-{one.partition}" for one in each.assignment.topic_partitions),
                }
                for each in found.members
            ],
        }

    def listGroups(self, request):
        more = {}
        if "states" in request:
            more["states"] = {ConsumerGroupState[each.upper()] for each in request["states"]}
        if "types" in request:
            more["types"] = {ConsumerGroupType[each.upper()] for each in request["types"]}
        found = self.admin().list_consumer_groups(**more).result(LIMIT)
        for each in found.errors:
            raise each
        return [
            {"group": each.group_id, "state": each.state.name.capitalize(), "type": each.type.name.capitalize()}
            for each in sorted(found.valid, key=lambda each: each.group_id)
        ]

    def deleteGroup(self, request):
        result_of(self.admin().delete_consumer_groups([request["group"]]))

    def alterGroupOffsets(self, request):
        wanted = ConsumerGroupTopicPartitions(request["group"], partitions_of(request, request.get("metadata", "")))
        for each in result_of(self.admin().alter_consumer_group_offsets([wanted])).topic_partitions:
            if each.error is not None:
                raise KafkaException(each.error)

    def alterScram(self, request):
        info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, request["iterations"])
        result_of(self.admin().alter_user_scram_credentials([UserScramCredentialUpsertion(request["user"], info, b"secret")]))

    def describeScram(self, request):
        found = result_of(self.admin().describe_user_scram_credentials([request["user"]]))
        return [
            {"mechanism": each.mechanism.name.replace("_", "-"), "iterations": each.iterations} for each in found.scram_credential_infos
        ]


def code_of(error):
    """Kafka's number of an error; librdkafka's own are below zero."""
    about = error.args[0] if isinstance(error, KafkaException) and error.args else None
    if not isinstance(about, KafkaError):
        return None
    local = {KafkaError._AUTO_OFFSET_RESET: 1, KafkaError._UNKNOWN_TOPIC: 3, KafkaError._UNKNOWN_PARTITION: 3, KafkaError._FENCED: 90}
    return about.code() if about.code() >= 0 else local.get(about.code())
