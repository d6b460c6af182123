/** The process around the program. Only `main` files use it. */
export interface Process {
  readonly args: readonly string[];
  readonly pid: number;
  /** Calls `handler` at each of the signals that the platform has; answers a function that stops that. */
  onSignal(signals: readonly ("SIGINT" | "SIGTERM")[], handler: (signal: string) => void): () => void;
  /** Settles when standard input has ended. */
  stdinEnded(): Promise<void>;
  /** Writes text to standard output or standard error, whole, before it returns. */
  print(text: string, to?: "stdout" | "stderr"): void;
  exit(code: number): never;
}
