/** Metrics that a client has pushed (KIP-714). Kafka: `ClientTelemetryPayload` and the context of the request. */
export interface ClientTelemetryPush {
  /** Of the client while it runs: 22 characters of base64, as Kafka prints an id. */
  readonly clientInstanceId: string;
  readonly clientId: string | null;
  /** What the client calls itself (KIP-511); `unknown` where it has not. */
  readonly softwareName: string;
  readonly softwareVersion: string;
  /** The client's, as `host:port`. */
  readonly address: string;
  readonly principal: string;
  /** The node that was asked. */
  readonly nodeId: number;
  /** Milliseconds until the client pushes again. */
  readonly pushIntervalMs: number;
  /** Whether this is the client's last push. */
  readonly terminating: boolean;
  readonly contentType: "OTLP";
  /** A `MetricsData` of OpenTelemetry as Protocol Buffers write it, decompressed. The receiver may keep it. */
  readonly metrics: Uint8Array;
}

/**
 * Is given what clients push. The client is answered when it is done; where it throws or rejects, that is logged, and the client is told INVALID_RECORD, as by
 * Kafka, upon which clients push no more.
 */
export type ClientTelemetryReceiver = (push: ClientTelemetryPush) => void | Promise<void>;
