import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../../", import.meta.url));
/** The compiled program. */
export const program = join(repository, "dist/app/main.js");

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the real program; nobody is at its terminal. */
export function startCli(words: readonly string[], cwd = repository): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, ...words], { cwd, stdio: "pipe" });
}

/** Waits for a started program to end. */
export function finished(child: ChildProcessWithoutNullStreams): Promise<CliResult> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  child.stdin.end();
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, stdout, stderr })));
}

/** Runs the real program to its end. */
export function runCli(...words: string[]): Promise<CliResult> {
  return finished(startCli(words));
}

/** The JSON lines that it printed. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The error line of a run with --json, on standard error. */
export function errorLine({ stderr }: CliResult): Record<string, unknown> | undefined {
  return jsonLines(
    stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .join("\n"),
  ).find(({ type }) => type === "error");
}

/** A folder of its own that is removed afterwards, also when `use` throws. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "nearfar-test-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Words of the one note that a capture into a store without calibrations says on standard error. */
export const uncalibratedWords = "no sync, no pair, no color, no light";
