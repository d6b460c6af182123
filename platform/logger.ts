/** One line an event: a fixed message and the facts beside it. Secrets are never facts. */
export interface Logger {
  /** Whether anybody reads debug events: whoever has to go to some length for one asks first. */
  readonly debugging: boolean;
  debug(message: string, facts?: Facts): void;
  info(message: string, facts?: Facts): void;
  warn(message: string, facts?: Facts): void;
  error(message: string, facts?: Facts): void;
}

export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";
