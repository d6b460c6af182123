/** One line an event: a fixed message and the facts beside it. Secrets are never facts. */
export interface Logger {
  /** The least level that is logged; whoever sets it changes that at once. */
  level: LogLevel;
  /** Whether anybody reads events of that level: whoever has to go to some length for one asks first. */
  logs(level: EventLevel): boolean;
  /** An event that needs more than a line: `lines` stand below it, and have no control characters. */
  trace(message: string, facts: Facts, lines: Iterable<string>): void;
  debug(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
}

export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The levels of events. */
export type EventLevel = Exclude<LogLevel, "silent">;

/** The least level that is logged. */
export type LogLevel = typeof LOG_LEVELS[number];

/** From the most talkative on. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;
