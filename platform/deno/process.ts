import type { Process } from "../process.ts";

export function denoProcess(): Process {
  return {
    args: Deno.args,
    pid: Deno.pid,

    onSignal(signals, handler) {
      const stops = signals.filter((signal) => signal !== "SIGTERM" || Deno.build.os !== "windows").map((signal) => {
        const listener = (): void => handler(signal);
        Deno.addSignalListener(signal, listener);
        return () => Deno.removeSignalListener(signal, listener);
      });
      return () => stops.forEach((stop) => stop());
    },

    async stdinEnded() {
      const ignored = new Uint8Array(1024);
      while (await Deno.stdin.read(ignored) !== null);
    },

    print(text, to = "stdout") {
      const stream = to === "stdout" ? Deno.stdout : Deno.stderr;
      const bytes = new TextEncoder().encode(text);
      for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
    },

    exit: (code) => Deno.exit(code),
  };
}

/** From here on this process may write no file, whatever it was allowed at its start. */
export function giveUpWriting(): void {
  Deno.permissions.revokeSync({ name: "write" });
}
