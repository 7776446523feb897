// A build step runs only when its inputs changed since it last succeeded.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Hash over path and content of every file below the inputs (build outputs excepted). */
export function fingerprint(root, inputs, extra = "") {
  const hash = createHash("sha256").update(extra);
  const visit = (path) => {
    const absolute = join(root, path);
    if (!existsSync(absolute)) return;
    const status = statSync(absolute);
    if (status.isDirectory()) {
      for (const name of readdirSync(absolute).sort()) {
        if (!["build", "build-sanitized", "node_modules", "dist", "test"].includes(name))
          visit(join(path, name));
      }
      return;
    }
    hash.update(`${path}\0`).update(readFileSync(absolute));
  };
  for (const input of inputs) visit(input);
  return hash.digest("hex");
}

/** Is the step's stamp that of these inputs, and are its outputs there? */
export function isFresh(root, step) {
  const stamp = join(root, step.stamp);
  if (!existsSync(stamp) || !step.outputs.every((output) => existsSync(join(root, output)))) return false;
  return readFileSync(stamp, "utf8") === fingerprint(root, step.inputs, process.version);
}

export function writeStamp(root, step) {
  const stamp = join(root, step.stamp);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint(root, step.inputs, process.version));
}

const clock = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

/**
 * Runs one command of a step with a progress line that counts compiled files. The whole output is
 * kept and printed when the command fails.
 */
export function runCommand({ command, args, cwd, env, title, units }) {
  return new Promise((resolve, reject) => {
    const startedMs = Date.now();
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let done = 0;
    const say = (end) => {
      const count = units ? `${Math.min(done, units)} of ${units} files, ` : "";
      const line = `  ${title}: ${count}${clock(Date.now() - startedMs)}`;
      if (process.stdout.isTTY) process.stdout.write(`\r${line}${end}`);
      else if (end) process.stdout.write(`${line}${end}`);
    };
    const listen = (chunk) => {
      output += chunk;
      done += (chunk.match(/^\s*(CXX|CC)\(|Building C(XX)? object/gm) ?? []).length;
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", listen);
    // A terminal gets a running line; a log gets one line every half minute.
    const ticker = setInterval(
      () => say(process.stdout.isTTY ? "" : "\n"),
      process.stdout.isTTY ? 500 : 30_000,
    );
    const finish = () => clearInterval(ticker);
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    child.on("close", (status) => {
      finish();
      say("\n");
      if (status === 0) resolve(output);
      else
        reject(new Error(`${command} ${args.join(" ")} ended with status ${status}\n${output.slice(-3000)}`));
    });
  });
}

/** Removes a folder that a failed build may have left half done. */
export function discard(path) {
  rmSync(path, { recursive: true, force: true });
}
