/** Runs test/support/dataset-child.ts, plainly or in a mount namespace of its own. */
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const root = new URL("../..", import.meta.url).pathname;
const childCommand = [process.execPath, "--import", "tsx", `${root}test/support/dataset-child.ts`];

export type ChildFact = Readonly<Record<string, unknown>>;

export interface StoreProcess {
  readonly facts: ChildFact[];
  /** Resolves with the first fact that has `key`; rejects when the process ends before. */
  fact(key: string): Promise<ChildFact>;
  kill(): Promise<void>;
  /** Resolves with the exit status and what it wrote to stderr. */
  readonly ended: Promise<{ readonly status: number | null; readonly errors: string }>;
}

export function startStoreProcess(scenario: string, directory: string): StoreProcess {
  return follow([...childCommand, scenario, directory]);
}

/** The bare process, for tests that do not read its facts. */
export function spawnStoreProcess(
  scenario: string,
  directory: string,
): ChildProcessByStdio<null, Readable, Readable> {
  return spawnQuietly([...childCommand, scenario, directory]);
}

/** Runs shell `mounts` first, where no other process sees what is mounted. `$1` is the store. */
export function startWithMounts(mounts: string, scenario: string, directory: string): StoreProcess {
  const script = `${mounts} && shift && exec "$@"`;
  return follow([
    "unshare",
    "-m",
    "sh",
    "-ec",
    script,
    "sh",
    directory,
    ...childCommand,
    scenario,
    directory,
  ]);
}

/** Why mounts are not possible here, or null. */
export function whyNoMounts(): string | null {
  try {
    execFileSync("unshare", ["-m", "sh", "-ec", "mount -t tmpfs none /mnt"], { stdio: "ignore" });
    return null;
  } catch {
    return "run the tests as root (or with CAP_SYS_ADMIN) to try a full disk and a read-only mount";
  }
}

function spawnQuietly([command = "", ...parameters]: readonly string[]): ChildProcessByStdio<
  null,
  Readable,
  Readable
> {
  return spawn(command, parameters, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
}

function follow(words: readonly string[]): StoreProcess {
  const child = spawnQuietly(words);
  const facts: ChildFact[] = [];
  const errors: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => facts.push(JSON.parse(line)));
  child.stderr.on("data", (text: Buffer) => errors.push(text.toString()));
  const linesEnded = once(lines, "close");
  const ended = once(child, "exit").then(async ([status]) => {
    await linesEnded;
    return { status: status as number | null, errors: errors.join("") };
  });
  return {
    facts,
    ended,
    async fact(key) {
      for (;;) {
        const found = facts.find((each) => key in each);
        if (found !== undefined) return found;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`no ${key}: ${errors.join("")}`);
        await Promise.race([once(lines, "line"), ended]);
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
