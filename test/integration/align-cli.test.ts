import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAlignmentText } from "../../src/schema/alignment-text.js";
import type { SessionRecord, ShotRecord } from "../../src/schema/records.js";
import { errorLine, finished, jsonLines, runCli, startCli } from "../support/cli.js";
import { newSession, openStore, temporaryFolder } from "../support/dataset-fixtures.js";
import { storePlanePair } from "../support/plane-pairs.js";

/** Small images without flow: what the command does with pairs matters here, not the pairs. */
const quick = ["--size", "128", "--no-flow"];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
/** A store with a session of two pairs at 450 mm and one at 900 mm, without calibrations. */
let store: string;
let session: SessionRecord;
let shots: readonly ShotRecord[];

async function makeStore(directory: string): Promise<void> {
  const dataset = await openStore(directory);
  session = await dataset.startSession(newSession());
  shots = [
    await storePlanePair(dataset, session, { distanceMm: 450 }),
    await storePlanePair(dataset, session, { distanceMm: 450 }),
    await storePlanePair(dataset, session, { distanceMm: 900 }),
  ];
  await dataset.close();
}

beforeAll(async () => {
  folder = await temporaryFolder();
  store = join(folder.path, "store");
  await makeStore(store);
});

afterAll(() => folder.remove());

const ofType = (stdout: string, type: string): Record<string, unknown>[] =>
  jsonLines(stdout).filter((line) => line.type === type);

describe("a dataset", () => {
  test("help tells both ways to call it and lists the parts", async () => {
    const { status, stdout } = await runCli("align", "--help");
    expect(status).toBe(0);
    for (const words of [
      "--store",
      "--near",
      "--reference",
      "--dry-run",
      "list",
      "show",
      "pictures",
      "check",
    ]) {
      expect(stdout).toContain(words);
    }
  });

  test("a dry run says what would be done and does nothing", async () => {
    const before = await stat(join(store, "journal.jsonl"));
    const [first] = shots;
    const run = await runCli(
      "align",
      "--store",
      store,
      "--reference",
      String(first?.shotId),
      "--dry-run",
      "--json",
    );
    expect(run.status).toBe(0);
    const states = ofType(run.stdout, "dry-run").map(({ shotId, state, code }) => [shotId, state, code]);
    const [a, b, c] = shots.map(({ shotId }) => shotId);
    expect(states).toEqual([
      [a, "to-align", undefined],
      [b, "to-align", undefined],
      [c, "would-fail", "ALIGN_NO_CALIBRATION"],
    ]);
    expect(ofType(run.stdout, "dry-run-summary")).toEqual([
      { type: "dry-run-summary", pairs: 3, toAlign: 2, alreadyThere: 0, wouldFail: 1 },
    ]);
    expect((await stat(join(store, "journal.jsonl"))).size).toBe(before.size);
  });

  test("aligns what it can, counts what it cannot, and does nothing twice", async () => {
    const [first, , last] = shots;
    const words = ["align", "--store", store, "--reference", String(first?.shotId), ...quick, "--json"];
    const run = await runCli(...words);
    expect(run.status).toBe(5);
    expect(errorLine(run)).toMatchObject({
      code: "ALIGN_FAILED",
      message: "1 of 3 pairs could not be aligned.",
    });
    const lines = ofType(run.stdout, "alignment");
    expect(lines.filter(({ state }) => state === "aligned")).toHaveLength(2);
    expect(lines.find(({ state }) => state === "failed")).toMatchObject({
      shotId: last?.shotId,
      code: "ALIGN_NO_CALIBRATION",
    });
    const aligned = lines.find(({ state }) => state === "aligned");
    expect(aligned).toMatchObject({
      verdict: "warn",
      approximate: true,
      distanceMm: 450,
      pair: null,
      rigFit: null,
    });
    expect(aligned?.reasons).toContain("approximate");
    const [summary] = ofType(run.stdout, "summary");
    expect(summary).toMatchObject({
      pairs: 3,
      aligned: 2,
      alreadyThere: 0,
      failed: 1,
      failedByCode: { ALIGN_NO_CALIBRATION: 1 },
      verdicts: { accept: 0, warn: 2, reject: 0 },
      reasons: { approximate: 2 },
    });

    const again = await runCli(...words);
    expect(ofType(again.stdout, "summary")[0]).toMatchObject({ aligned: 0, alreadyThere: 2, failed: 1 });
    const other = await runCli(...words, "--side", "200", "--shot", String(first?.shotId));
    expect(other.status).toBe(0);
    expect(ofType(other.stdout, "summary")[0]).toMatchObject({ aligned: 1, alreadyThere: 0 });
  });

  test("list, show and pictures tell of what is there", async () => {
    const list = await runCli("align", "list", "--store", store);
    expect(list.stdout.split("\n")).toHaveLength(4);
    expect(list.stdout).toContain("approximate");
    const listed = jsonLines((await runCli("align", "list", "--store", store, "--json")).stdout);
    expect(listed.map(({ shotId }) => shotId)).toEqual(shots.slice(0, 2).map(({ shotId }) => shotId));
    const [first] = shots;
    const name = String(first?.shotId);
    const show = await runCli("align", "show", name, "--store", store);
    expect(show.stdout).toContain("homography and gain of a reference pair");
    expect(show.stdout).toContain("what this cannot see");
    const record = await runCli("align", "show", name, "--store", store, "--json");
    expect(parseAlignmentText(record.stdout).ok).toBe(true);
    const out = join(folder.path, "pictures");
    const pictures = await runCli(
      "align",
      "pictures",
      name,
      "--store",
      store,
      "--out",
      out,
      "--kinds",
      "near,blink",
    );
    expect(pictures.status).toBe(0);
    expect((await readdir(out)).sort()).toEqual([`${name}-blink.webp`, `${name}-near.jpg`]);
    const twice = await runCli("align", "pictures", name, "--store", store, "--out", out, "--kinds", "near");
    expect(twice).toMatchObject({ status: 2, stderr: expect.stringContaining("OUTPUT_EXISTS") });
    const flow = await runCli("align", "pictures", name, "--store", store, "--out", out, "--kinds", "flow");
    expect(flow.stderr).toContain("NOT_FOUND");
  });

  /** With the first shot as the reference of all. */
  const byFirst = (): string[] => [
    ...["align", "--store", store, "--reference", String(shots[0]?.shotId)],
    ...quick,
  ];

  test("text for people has a line a pair and a summary", async () => {
    const { stdout } = await runCli(...byFirst(), "--side", "250");
    expect(stdout).toMatch(/^#0001 warn {4}450 mm .*approximate/m);
    expect(stdout).toMatch(/^#0003 failed ALIGN_NO_CALIBRATION: /m);
    expect(stdout).toMatch(/^3 pairs: 2 aligned in .*, 1 failed$/m);
    expect(stdout).toMatch(/^verdicts {2}2 warn$/m);
    expect(stdout).toMatch(/^errors {4}1 ALIGN_NO_CALIBRATION$/m);
  });

  test("Ctrl-C ends it with 130 and what is done stays", async () => {
    const words = [...byFirst(), "--side", "180", "--jobs", "1"];
    const child = startCli(words);
    const result = finished(child);
    child.stdout.once("data", () => child.kill("SIGINT"));
    const { status, stderr } = await result;
    expect(status).toBe(130);
    expect(stderr).toContain("goes on where it ended");
    const again = await runCli(...words, "--json");
    const [summary] = ofType(again.stdout, "summary");
    expect(summary?.alreadyThere).toBeGreaterThan(0);
    expect(Number(summary?.alreadyThere) + Number(summary?.aligned)).toBe(2);
  });

  test("a damaged frame costs its own pair alone", async () => {
    const damaged = join(folder.path, "damaged");
    await makeStore(damaged);
    const [first, second] = shots;
    const dataset = await openStore(damaged, "read-only");
    const near = second?.frames.find(({ arm }) => arm === "near");
    const path = dataset.objectPath({ sha256: near?.objectSha256 ?? "", bytes: near?.bytes ?? 0 }, ".tif");
    await dataset.close();
    const bytes = await readFile(path);
    await chmod(path, 0o600);
    await writeFile(path, bytes.subarray(0, bytes.length - 1000));
    const run = await runCli(
      "align",
      "--store",
      damaged,
      "--reference",
      String(first?.shotId),
      ...quick,
      "--json",
    );
    expect(run.status).toBe(5);
    expect(ofType(run.stdout, "summary")[0]).toMatchObject({
      aligned: 1,
      failedByCode: { FILE_CORRUPT: 1, ALIGN_NO_CALIBRATION: 1 },
    });
  });

  test.each([
    ["nothing to align", [], "USAGE"],
    [
      "both ways at once",
      ["--store", "STORE", "--near", "a.tif", "--far", "b.tif", "--out", "o", "--shot", "1"],
      "USAGE",
    ],
    ["no such store", ["--store", "no-such-store"], "STORE_NOT_FOUND"],
    ["no such session", ["--store", "STORE", "--session", "none"], "NOT_FOUND"],
    ["no such shot", ["--store", "STORE", "--shot", "99"], "NOT_FOUND"],
    ["no such reference", ["--store", "STORE", "--reference", "99"], "NOT_FOUND"],
    ["a reference that is nothing", ["--store", "STORE", "--reference", "left"], "USAGE"],
    ["no such calibration", ["--store", "STORE", "--calibration", "none.json"], "NOT_FOUND"],
    ["no such rig config", ["--store", "STORE", "--rig", "none.yaml"], "CONFIG_NOT_FOUND"],
    ["an impossible size", ["--store", "STORE", "--size", "7"], "USAGE"],
  ])("%s is told with a code", async (_what, words, code) => {
    const named = words.map((word) => (word === "STORE" ? store : word));
    const run = await runCli("align", ...named, "--json");
    expect(run.status).not.toBe(0);
    expect(errorLine(run)?.code).toBe(code);
    expect(run.stdout).toBe("");
  });
});
