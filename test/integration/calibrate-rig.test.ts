/** The pair's geometry from the command line: guided views, broken off and taken up again, solved, kept, checked. */
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { virtualRigText } from "../support/calibration-rig.js";
import { finished, jsonLines, runCli, startCli } from "../support/cli.js";

interface Stop {
  readonly distanceMm: number;
  readonly readOuts: {
    readonly lateralOffsetMm: Readonly<Record<"x" | "y", { readonly value: number; readonly sigma: number }>>;
    readonly overlayRmsPx: number;
  };
}

let folder: string;
let rig: string;
let store: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearfar-calibrate-rig-"));
  rig = join(folder, "rig.yaml");
  store = join(folder, "store");
  await writeFile(rig, await virtualRigText([["samplesPerPixel: 2", "samplesPerPixel: 1"]]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a pair at two stops", () => {
  const words = () => [
    "calibrate",
    "geometry",
    "--rig",
    rig,
    "--store",
    store,
    "--stops",
    "450,900",
    "--views",
    "6",
  ];
  const journal = () => join(store, "calibrating", "virtual-geometry.jsonl");
  const linesKept = async () => (await readFile(journal(), "utf8").catch(() => "")).split("\n").length - 1;

  test("that is interrupted keeps its views, and goes on with --resume to a record", async () => {
    const child = startCli([...words(), "--json"]);
    const ended = finished(child);
    while ((await linesKept()) < 4 && child.exitCode === null) await setTimeout(50);
    child.kill("SIGINT");
    const broken = await ended;
    expect(broken.status).toBe(130);
    expect(broken.stderr).toMatch(/\d+ views are kept/);
    const kept = (await linesKept()) - 1;
    expect(kept).toBeGreaterThanOrEqual(3);

    const other = await runCli(...words().slice(0, -1), "7", "--resume");
    expect(other).toMatchObject({ status: 5, stderr: expect.stringContaining("CALIBRATION_REFUSED") });
    expect(await linesKept()).toBe(kept + 1);

    const resumed = await runCli(...words(), "--resume", "--json");
    expect(resumed.stderr).toBe("");
    expect(resumed.status).toBe(0);
    const result = jsonLines(resumed.stdout)[0] as unknown as {
      calibrationId: string;
      views: number;
      stops: Stop[];
      returnErrorMm: number;
    };
    expect(result).toMatchObject({
      type: "calibration",
      kind: "pair",
      views: 18,
      verdict: expect.stringMatching(/PASS|WARN/),
    });
    // The first stop was visited again at the end.
    expect(result.stops.map(({ distanceMm }) => distanceMm)).toEqual([450, 900, 450]);
    expect(result.returnErrorMm).toBeLessThan(1);
    for (const { readOuts } of result.stops) {
      expect(readOuts.lateralOffsetMm.x.sigma).toBeLessThan(0.2);
      expect(readOuts.overlayRmsPx).toBeLessThan(0.12);
    }
    expect(await readdir(join(store, "calibrating"))).toEqual([]);
    const list = await runCli("calibrate", "list", "--store", store, "--json");
    expect(list.stdout).toContain(result.calibrationId);
  }, 180_000);

  test("has its flow checked by the depth phantom", async () => {
    const checked = await runCli(
      ...["calibrate", "check", "--rig", rig, "--store", store, "--phantom", "--stop", "450", "--json"],
    );
    expect(checked.status).toBe(0);
    const [phantom] = jsonLines(checked.stdout) as unknown as {
      depths: { heightMm: number; points: number; rmsPx: number }[];
    }[];
    expect(phantom?.depths.map(({ heightMm }) => Math.round(heightMm))).toEqual([35, 0, -95]);
    for (const { points, rmsPx } of phantom?.depths ?? []) {
      expect(points).toBeGreaterThan(8);
      expect(rmsPx).toBeLessThan(0.3);
    }
  }, 120_000);

  test("is watched, a line a shot, until Ctrl-C, which is no failure", async () => {
    const child = startCli(["calibrate", "check", "--rig", rig, "--store", store, "--watch", "--json"]);
    const ended = finished(child);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    const watched = await ended;
    expect(watched.status).toBe(0);
    const [line] = jsonLines(watched.stdout);
    expect(line).toMatchObject({
      type: "check",
      distanceMm: 450,
      readOuts: { rollMdeg: { value: expect.any(Number) } },
    });
  }, 60_000);
});

describe("wrong words leave nothing behind", () => {
  test.each([
    [["geometry", "--stops", "100,450"], 3, "STAGE_REFUSED"],
    [["geometry", "--views", "2"], 2, "USAGE"],
    [["geometry", "--board", "depth-phantom"], 2, "USAGE"],
    [["geometry", "--resume"], 4, "STORE_NOT_FOUND"],
    [["sync", "--shots", "1"], 2, "USAGE"],
    [["check"], 4, "STORE_NOT_FOUND"],
  ] as const)("%j", async (words, status, code) => {
    const place = await mkdtemp(join(folder, "wrong-"));
    const empty = join(place, "store");
    const refused = await runCli("calibrate", ...words, "--rig", rig, "--store", empty, "--json");
    expect(refused.status).toBe(status);
    expect(jsonLines(refused.stderr)[0]).toMatchObject({ code });
    expect(await readdir(place)).toEqual([]);
  });
});
