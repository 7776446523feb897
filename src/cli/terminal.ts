/** Where a command prints and asks; `app` hands in the process's, tests their own. */
export interface Terminal {
  /** Results, to standard output. */
  print(line: string): void;
  /** What accompanies them (progress, warnings, advice), to standard error. */
  note(line: string): void;
  /** A line that the next one overwrites; only shown when standard error is a terminal. */
  progress(line: string): void;
  /** True when a person sits there: standard input and standard error are terminals. */
  readonly interactive: boolean;
  /** Asks until Enter; rejects with the signal's reason. Interactive only. */
  ask(question: string, signal?: AbortSignal): Promise<string>;
  /** Calls back for every single key until the returned function is called. Interactive only. */
  onKey(listener: (key: string) => void): () => void;
  /** Sounds the bell when interactive. */
  bell(): void;
}
