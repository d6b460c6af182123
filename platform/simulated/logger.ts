import type { Facts, Logger, LogLevel } from "../logger.ts";

export interface LogEvent {
  readonly level: Exclude<LogLevel, "silent">;
  readonly message: string;
  readonly facts: Facts;
}

/** A logger that only remembers. */
export function recordingLogger(): Logger & { readonly events: readonly LogEvent[] } {
  const events: LogEvent[] = [];
  const record = (level: LogEvent["level"]) => (message: string, facts: Facts = {}): void => {
    events.push({ level, message, facts });
  };
  return { events, debugging: true, debug: record("debug"), info: record("info"), warn: record("warn"), error: record("error") };
}
