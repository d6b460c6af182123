import type { EventLevel, Facts, Logger } from "../logger.ts";

export interface LogEvent {
  readonly level: EventLevel;
  readonly message: string;
  readonly facts: Facts;
  /** Of a trace. */
  readonly lines?: readonly string[];
}

/** A logger that only remembers. Traces cost their callers much: it wants them only where it is told. */
export function recordingLogger({ tracing = false }: { tracing?: boolean } = {}): Logger & { readonly events: readonly LogEvent[] } {
  const events: LogEvent[] = [];
  const record = (level: LogEvent["level"]) => (message: string, facts: Facts = {}): void => {
    events.push({ level, message, facts });
  };
  return {
    events,
    level: tracing ? "trace" : "debug",
    logs: (level) => level !== "trace" || tracing,
    trace: (message, facts, lines) => void events.push({ level: "trace", message, facts, lines: [...lines] }),
    debug: record("debug"),
    info: record("info"),
    warn: record("warn"),
    error: record("error"),
  };
}
