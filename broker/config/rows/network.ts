import { int, INT_MAX, list, long, string } from "../row.ts";

/** Broker properties: listeners, connections and requests. */
export const networkRows = {
  "advertised.listeners": list(null, "The addresses that clients are told to connect to; unset, a client is told the address it dialled.", {
    filled: true,
    applied: true,
  }),
  "listeners": list(
    "PLAINTEXT://:9092",
    "The addresses to listen on, NAME://host:port; here an empty host is loopback and controller listeners are not opened.",
    { filled: true, dynamic: true, applied: true },
  ),
  "listener.security.protocol.map": string(
    "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
    "The security protocol of each listener name.",
    { dynamic: true, applied: true },
  ),
  "early.start.listeners": list(null, "The listeners that may accept before the authorizer is ready."),
  "inter.broker.listener.name": string(null, "The listener that brokers use among themselves."),
  "security.inter.broker.protocol": string(
    "PLAINTEXT",
    "The protocol that brokers speak among themselves, where no listener is named for it.",
    { values: ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] },
  ),
  "max.connections": int(10_000, "Most connections at a time; one more is closed at once. Bounded by default here, unlike Kafka.", {
    min: 0,
    dynamic: true,
    applied: true,
  }),
  "max.connections.per.ip": int(INT_MAX, "Most connections at a time from one address.", { min: 0, dynamic: true }),
  "max.connections.per.ip.overrides": string("", "Other limits for single addresses, host:count.", { dynamic: true }),
  "max.connection.creation.rate": int(INT_MAX, "Most new connections a second.", { min: 0, dynamic: true }),
  "connections.max.idle.ms": long(600_000, "A connection that carries nothing for this long is closed, in milliseconds.", {
    applied: true,
  }),
  "connection.failed.authentication.delay.ms": int(100, "How long the answer to a failed authentication is held back, in milliseconds.", {
    min: 0,
  }),
  "socket.connection.setup.timeout.ms": long(10_000, "First time allowed for a connection to another server, in milliseconds."),
  "socket.connection.setup.timeout.max.ms": long(30_000, "Longest time allowed for a connection to another server, in milliseconds."),
  "socket.listen.backlog.size": int(50, "Connections that may wait to be accepted; here the runtime chooses.", { min: 1 }),
  "socket.receive.buffer.bytes": int(102_400, "Size of a socket's receive buffer; here the system chooses."),
  "socket.send.buffer.bytes": int(102_400, "Size of a socket's send buffer; here the system chooses."),
  "socket.request.max.bytes": int(104_857_600, "The largest request frame, in bytes; a larger one ends its connection.", {
    min: 1,
    applied: true,
  }),
  "queued.max.request.bytes": long(
    268_435_456,
    "Bytes of requests in memory over all connections; then reading pauses. Bounded by default here, unlike Kafka.",
    { applied: true },
  ),
  "queued.max.requests": int(500, "Requests that may wait for a thread; Ottla has no such queue.", { min: 1 }),
  "num.network.threads": int(3, "Threads that read and write sockets; Ottla has one event loop.", { min: 1, dynamic: true }),
  "num.io.threads": int(8, "Threads that handle requests; Ottla has one event loop.", { min: 1, dynamic: true }),
  "background.threads": int(10, "Threads for background work; Ottla has one event loop.", { min: 1, dynamic: true }),
  "request.timeout.ms": int(30_000, "How long a request to another server may take, in milliseconds."),
  "max.request.partition.size.limit": int(2000, "Most partitions in one answer of DescribeTopicPartitions.", { min: 1, applied: true }),
  "fetch.max.bytes": int(
    57_671_680,
    "Most bytes of one fetch, whatever the client asks for; a first batch that is larger still comes whole.",
    { min: 1024, applied: true },
  ),
  "max.incremental.fetch.session.cache.slots": int(1000, "Most fetch sessions that are kept.", { min: 0, applied: true }),
  "fetch.purgatory.purge.interval.requests": int(1000, "Waiting fetches after which finished ones are cleared away; Ottla clears at once."),
  "producer.purgatory.purge.interval.requests": int(1000, "The same for waiting produce requests; Ottla clears at once."),
  "delete.records.purgatory.purge.interval.requests": int(1, "The same for waiting DeleteRecords; Ottla clears at once."),
  "share.fetch.purgatory.purge.interval.requests": int(1000, "The same for waiting share fetches; Ottla clears at once."),
};
