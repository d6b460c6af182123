import { ConfigError, type ConfigValues } from "./row.ts";

/**
 * Reads a Java properties file (`java.util.Properties.load`, which Kafka uses): `#` and `!` begin comments, `=`, `:` or white space ends a name,
 * a backslash escapes a character or joins the next line. Of two lines with one name the last wins. Throws {@link ConfigError} for a broken `\u`.
 */
export function parseProperties(text: string): ConfigValues {
  const values: Record<string, string> = {};
  for (const line of logicalLines(text)) {
    const end = nameEnd(line);
    const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(line.slice(end))![0];
    values[unescape(line.slice(0, end))] = unescape(line.slice(end + separator.length));
  }
  return values;
}

/** Lines with their continuations, without comments, blank lines and leading white space. */
function* logicalLines(text: string): Generator<string> {
  let joined: string | null = null;
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.replace(/^[ \t\f]+/, "");
    // What follows a continued line is no comment, even if it looks like one.
    if (joined === null && (line === "" || line[0] === "#" || line[0] === "!")) continue;
    joined = (joined ?? "") + line;
    if (/\\*$/.exec(line)![0].length % 2 === 1) {
      joined = joined.slice(0, -1);
      continue;
    }
    yield joined;
    joined = null;
  }
  if (joined !== null && joined !== "") yield joined;
}

function nameEnd(line: string): number {
  for (let i = 0; i < line.length; i++) {
    if (line[i] === "\\") i++;
    else if (/[=: \t\f]/.test(line[i])) return i;
  }
  return line.length;
}

const controls: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

function unescape(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|[^])/g, (_, escaped: string) => {
    if (escaped.length > 1) return String.fromCharCode(parseInt(escaped.slice(1), 16));
    if (escaped === "u") throw new ConfigError("\\u must be followed by four hexadecimal digits");
    return controls[escaped] ?? escaped;
  });
}
