import { type EventLevel, type Facts, LOG_LEVELS, type Logger, type LogLevel } from "../logger.ts";
import type { Process } from "../process.ts";
import { denoClock } from "./clock.ts";

/** Writes events at or above its level to standard error, one line each: time, level, message, `key=value` facts. */
export function consoleLogger(level: LogLevel, process: Pick<Process, "print">): Logger {
  const at = (own: EventLevel) => (message: string, facts: Facts = {}): void => {
    if (logger.logs(own)) process.print(lineOf(denoClock.now(), own, message, facts), "stderr");
  };
  const logger: Logger = {
    level,
    logs: (own) => LOG_LEVELS.indexOf(own) >= LOG_LEVELS.indexOf(logger.level),
    trace(message, facts, lines) {
      if (!logger.logs("trace")) return;
      const below = Array.from(lines, (line) => `  ${line}\n`);
      process.print(lineOf(denoClock.now(), "trace", message, facts) + below.join(""), "stderr");
    },
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
  return logger;
}

/** One line with its line feed. Facts that are undefined are left out; values with spaces, quotes or control characters are quoted as JSON has it. */
export function lineOf(time: number, level: LogLevel, message: string, facts: Facts): string {
  const parts = [new Date(time).toISOString(), level.toUpperCase().padEnd(5), escapeControls(message)];
  for (const [key, value] of Object.entries(facts)) {
    if (value === undefined) continue;
    const text = String(value);
    parts.push(`${key}=${/^[^\s"=\p{C}]+$/u.test(text) ? text : escapeControls(JSON.stringify(text))}`);
  }
  return parts.join(" ") + "\n";
}

/** Clients choose topic names and client ids: none of them may move a terminal's cursor or forge a line. */
function escapeControls(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`);
}
