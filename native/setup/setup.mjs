// Set-up: `node native/setup/setup.mjs [test | demo …]`.
//
// Installs the Debian packages and npm modules that nearfar needs, builds what must be compiled,
// says what it does and why, and does nothing (under 3 s) when nothing is missing. With a further
// word it then runs the tests or the demo. Plain JavaScript without dependencies, because it runs
// on a bare clone.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isFresh, runCommand, writeStamp } from "./build-step.mjs";
import { buildSteps } from "./build-steps.mjs";
import {
  benchPackages,
  installPackages,
  missingPackages,
  systemPackages,
  testPackages,
} from "./system-packages.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const startedMs = Date.now();

class SetupError extends Error {}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(`Node ${process.versions.node} is too old: nearfar needs Node 20.19 or newer.`);
  }
}

/** Installs what it may; returns the names of packages that stay missing. */
function provideSystemPackages(packages) {
  const missing = missingPackages(packages);
  if (missing === null) {
    console.log(
      "This is not Debian or Ubuntu (no dpkg-query): make sure that the equivalents of these are there:",
    );
    for (const p of packages) console.log(`  ${p.name}: ${p.why}`);
    return new Set();
  }
  if (missing.length === 0) return new Set();
  console.log("Installing Debian packages:");
  for (const p of missing) console.log(`  ${p.name}: ${p.why}`);
  if (installPackages(missing)) return new Set();
  console.log("This user may not install packages. Ask an administrator to run:");
  console.log(`  apt-get install ${missing.map((p) => p.name).join(" ")}`);
  const essential = missing.filter((p) => p.without === "nothing");
  if (essential.length > 0) {
    throw new SetupError(`Set-up cannot go on without: ${essential.map((p) => p.name).join(", ")}.`);
  }
  for (const p of missing) console.log(`  without ${p.name}, not available: ${p.without}`);
  return new Set(missing.map((p) => p.name));
}

async function provideModules() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules/.nearfar/modules");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Installing npm modules (package-lock.json):");
  // Install scripts stay off: what must be compiled is compiled below, by name. Not `npm ci`: it
  // refuses a lock file that lacks the optional packages of other platforms, as one written behind
  // a partial mirror does; `--no-save` keeps to the lock file all the same.
  await runCommand({
    command: "npm",
    args: ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"],
    cwd: root,
    env: { ONNXRUNTIME_NODE_INSTALL: "skip" },
    title: "npm install",
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Resolves with the number of steps that had to run. */
async function build(absent) {
  const stale = buildSteps(root).filter((step) => !isFresh(root, step));
  for (const step of stale) {
    const lacking = step.needs.filter((name) => absent.has(name));
    if (lacking.length > 0) {
      console.log(`Left out: ${step.name} (needs ${lacking.join(", ")}).`);
      continue;
    }
    console.log(`Building ${step.name}:`);
    for (const command of step.commands()) await runCommand(command);
    for (const program of step.programs ?? []) chmodSync(join(root, program), 0o755);
    writeStamp(root, step);
  }
  return stale.length;
}

/** Packages of single tests: a test that lacks one is skipped with a sentence, so these may be missing. */
function provideOptionalPackages(packages) {
  try {
    provideSystemPackages(packages);
  } catch (error) {
    console.log(`Not installed (${error.message}); the tests that need these are skipped.`);
  }
}

async function setUp(optionalPackages) {
  checkNode();
  const absent = provideSystemPackages(systemPackages);
  provideOptionalPackages(optionalPackages);
  await provideModules();
  const built = await build(absent);
  const seconds = (Date.now() - startedMs) / 1000;
  console.log(`Set-up ${built === 0 ? "has nothing to do" : "done"} (${seconds.toFixed(1)} s).`);
}

/** Runs a program in the foreground and ends with its status. */
function handOver(command, args) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, NEARFAR_SETUP_STARTED_MS: String(startedMs) },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("close", (status, signal) => process.exit(status ?? (signal === "SIGINT" ? 130 : 1)));
}

/** What each of the test commands needs beside the program itself. */
const optionalPackages = {
  test: testPackages,
  "test:sanitizers": [],
  "test:slow": testPackages,
  bench: [...testPackages, ...benchPackages],
};

const [what, ...rest] = process.argv.slice(2);
try {
  await setUp(optionalPackages[what] ?? []);
  if (what === "demo") handOver(process.execPath, [join(root, "dist/app/main.js"), "demo", ...rest]);
  else if (what in optionalPackages) handOver(process.execPath, [join(root, "test/run.mjs"), what, ...rest]);
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}
