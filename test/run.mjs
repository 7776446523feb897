// Runs every suite of `npm test` or `npm run test:slow`, or the benchmarks, one after the other,
// and closes with one line `N passed, N failed, N skipped` over all of them.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, "node_modules/.bin", name);

/** Runs a command in the foreground; resolves with its status and all that it printed. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status: status ?? 1, output }));
  });
}

/** A command that passes or fails as a whole. */
async function check(command, args) {
  const { status } = await run(command, args);
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** A native suite: closes with `N passed, N failed`. */
async function native(command, args) {
  const { status, output } = await run(command, args);
  const counts = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)];
  const sum = (index) => counts.reduce((total, match) => total + Number(match[index]), 0);
  if (counts.length === 0) return { passed: 0, failed: 1, skipped: 0 };
  const failed = sum(2);
  // A crash before the closing line is a failure too.
  return { passed: sum(1), failed: status !== 0 && failed === 0 ? 1 : failed, skipped: 0 };
}

async function vitest(config, filters) {
  const folder = mkdtempSync(join(tmpdir(), "nearfar-tests-"));
  const report = join(folder, "report.json");
  try {
    const { status } = await run(bin("vitest"), [
      "run",
      "--config",
      join(root, config),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...filters,
    ]);
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const result = JSON.parse(readFileSync(report, "utf8"));
    const failed = Math.max(result.numFailedTests, status === 0 ? 0 : 1);
    return { passed: result.numPassedTests, failed, skipped: result.numPendingTests + result.numTodoTests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Native code on this machine under the address and undefined-behaviour sanitizers. */
const sanitized = [
  ["firmware, portable code (sanitizers)", () => native("make", ["-s", "-C", "native/firmware", "test"])],
  ["aravis addon core (sanitizers)", () => native("make", ["-s", "-C", "native/aravis/test", "test"])],
  ["vision addon core (sanitizers)", () => native("make", ["-s", "-C", "native/vision/test", "test"])],
  ["virtual rig (sanitizers)", () => native("make", ["-s", "-C", "native/virtual-rig/test", "test"])],
];

const suites = {
  test: (filters) => [
    ["style and import rules", () => check(bin("biome"), ["check", "--error-on-warnings"])],
    ["types of the tests", () => check(bin("tsc"), ["-p", "test/tsconfig.json"])],
    ...sanitized,
    ["vitest", () => vitest("test/vitest.config.ts", filters)],
  ],
  "test:sanitizers": () => sanitized,
  "test:slow": (filters) => [["vitest, slow", () => vitest("test/vitest.slow.config.ts", filters)]],
};

async function bench(filters) {
  const folder = join(root, "test/bench");
  const files = readdirSync(folder).filter((name) => name.endsWith(".bench.ts"));
  let failed = 0;
  for (const file of files.filter((name) => filters.every((word) => name.includes(word)))) {
    console.log(`\n== ${file.replace(".bench.ts", "")}`);
    const { status } = await run(bin("tsx"), [join(folder, file)]);
    if (status !== 0) failed += 1;
  }
  return failed;
}

const [kind = "test", ...filters] = process.argv.slice(2);
if (kind === "bench") process.exit((await bench(filters)) === 0 ? 0 : 1);

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const [title, suite] of suites[kind](filters)) {
  console.log(`\n== ${title}`);
  const startedMs = Date.now();
  const counts = await suite();
  for (const key of Object.keys(totals)) totals[key] += counts[key];
  console.log(
    `   ${counts.passed} ok, ${counts.failed} not ok, ${((Date.now() - startedMs) / 1000).toFixed(1)} s`,
  );
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
