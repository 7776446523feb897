import { once } from "node:events";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  finished,
  jsonLines,
  repository,
  runCli,
  startCli,
  uncalibratedWords,
  withFolder,
} from "../support/cli.js";

const virtualRig = join(repository, "rig-configs/virtual-plane.yaml");

/** A copy of the virtual rig's config with one text replaced. */
async function changedConfig(folder: string, from: string | RegExp, to: string): Promise<string> {
  const text = await readFile(virtualRig, "utf8");
  const path = join(folder, "rig.yaml");
  expect(text).toMatch(from);
  await writeFile(path, text.replace(from, to));
  return path;
}

/** What a capture into a new store says on standard error, and nothing else. */
const uncalibrated = {
  type: "note",
  message: expect.stringContaining(uncalibratedWords) as string,
};

describe("nearfar capture --json", () => {
  test("prints a line per shot and the totals, and the store passes its audit", () =>
    withFolder(async (folder) => {
      const store = join(folder, "store");
      const captured = await runCli(
        "capture",
        "--rig",
        virtualRig,
        "--store",
        store,
        "--shots",
        "3",
        "--subject",
        "p01",
        "--json",
      );
      expect(jsonLines(captured.stderr)).toEqual([uncalibrated]);
      expect(captured.status).toBe(0);
      const lines = jsonLines(captured.stdout);
      expect(lines).toHaveLength(4);
      for (const shot of lines.slice(0, 3)) {
        expect(shot).toMatchObject({
          type: "shot",
          outcome: "paired",
          verdict: "KEEP",
          reasons: [],
          skewKind: "measured",
        });
        expect(Math.abs(shot.skewUs as number)).toBeLessThan(100);
        const objects = shot.objects as { near: string; far: string };
        for (const hash of [objects.near, objects.far]) {
          await access(join(store, "objects", hash.slice(0, 2), `${hash.slice(2)}.tif`));
        }
      }
      expect(lines[3]).toMatchObject({ type: "totals", end: "complete", planned: 3, done: 3 });

      const audit = await runCli("session", "audit", "--store", store, "--json");
      expect(audit.status).toBe(0);
      expect(jsonLines(audit.stdout)[0]).toMatchObject({ objects: 6, findings: [] });

      const list = jsonLines((await runCli("session", "list", "--store", store, "--json")).stdout);
      expect(list).toHaveLength(1);
      expect(list[0]).toMatchObject({ subjectId: "p01", consentRef: null, pairs: 3 });
      const show = jsonLines(
        (await runCli("session", "show", String(list[0]?.sessionId), "--store", store, "--json")).stdout,
      );
      expect(show.map((line) => line.type)).toEqual(["session", "shot", "shot", "shot"]);
    }));

  test("Ctrl-C finishes the shot in flight, exits 130, and resume goes on to the end of the plan", () =>
    withFolder(async (folder) => {
      const store = join(folder, "store");
      const child = startCli(["capture", "--rig", virtualRig, "--store", store, "--shots", "12", "--json"]);
      const result = finished(child);
      await once(child.stdout, "data");
      child.kill("SIGINT");
      const stopped = await result;
      expect(stopped.status).toBe(130);
      const lines = jsonLines(stopped.stdout);
      const totals = lines.at(-1);
      expect(totals).toMatchObject({ type: "totals", end: "stopped" });
      expect(lines.length - 1).toBeGreaterThan(0);
      expect(lines.length - 1).toBeLessThan(12);

      const resumed = await runCli(
        "session",
        "resume",
        String(totals?.sessionId),
        "--store",
        store,
        "--json",
      );
      expect(resumed.stderr).toBe("");
      expect(resumed.status).toBe(0);
      expect(jsonLines(resumed.stdout).at(-1)).toMatchObject({ end: "complete", planned: 12, done: 12 });
      expect((await runCli("session", "audit", "--store", store)).status).toBe(0);
    }));
});

describe("nearfar doctor", () => {
  test("passes every check on the virtual rig", async () => {
    const result = await runCli("doctor", "--rig", virtualRig, "--json");
    expect(result.status).toBe(0);
    const checks = jsonLines(result.stdout);
    expect(checks.length).toBeGreaterThanOrEqual(8);
    expect(checks.filter((check) => check.state === "FAIL")).toEqual([]);
  });

  test("fails with the fix when the config is wrong", () =>
    withFolder(async (folder) => {
      const rig = await changedConfig(folder, "bitDepth: 12", "bitDepth: 99");
      const result = await runCli("doctor", "--rig", rig);
      expect(result.status).toBe(2);
      expect(result.stdout).toContain("FAIL  rig config: CONFIG_INVALID");
    }));
});

describe("wrong input gives one coded error and leaves nothing behind", () => {
  /** Captures into a folder that must stay absent, and returns the error line. */
  async function refused(
    folder: string,
    ...words: string[]
  ): Promise<{ status: number | null; error: Record<string, unknown> }> {
    const store = join(folder, "store");
    const result = await runCli("capture", "--store", store, "--json", ...words);
    expect(result.stdout).toBe("");
    const errors = jsonLines(result.stderr);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.advice).toBeTruthy();
    return { status: result.status, error: errors[0] ?? {} };
  }

  test("a wrong field names file, line and field", () =>
    withFolder(async (folder) => {
      const rig = await changedConfig(folder, "pulseUs: 1000 ", "pulseMs: 1 ");
      const { status, error } = await refused(folder, "--rig", rig);
      expect(status).toBe(2);
      expect(error.code).toBe("CONFIG_INVALID");
      expect(error.message).toMatch(/rig\.yaml:\d+:\d+.*pulseMs/s);
      expect(error.message).toContain("pulseUs");
      expect(await readdir(folder)).toEqual(["rig.yaml"]);
    }));

  test("a plan outside the rail", () =>
    withFolder(async (folder) => {
      const { status, error } = await refused(
        folder,
        "--rig",
        virtualRig,
        "--distance",
        "100",
        "--shots",
        "1",
      );
      expect(status).toBe(2);
      expect(error.code).toBe("PLAN_INVALID");
      expect(await readdir(folder)).toEqual([]);
    }));

  test("an unknown option, a subject with a name in it, no command", async () => {
    for (const words of [
      ["capture", "--rgi", virtualRig],
      ["capture", "--rig", virtualRig, "--store", "x", "--subject", "Jane Doe"],
      ["capture", "--rig", virtualRig, "--store", "x", "--shots", "0"],
      [],
    ]) {
      const result = await runCli(...words);
      expect(result.status).toBe(2);
      expect(result.stderr).toMatch(/error USAGE/);
    }
  });

  test("a port that is not a trigger board", () =>
    withFolder(async (folder) => {
      const rig = await readFile(join(repository, "rig-configs/machine-vision.yaml"), "utf8");
      const path = join(folder, "rig.yaml");
      await writeFile(path, rig.replace("/dev/ttyUSB0", "/dev/null"));
      const { status, error } = await refused(folder, "--rig", path);
      expect(status).toBe(3);
      expect(["BOARD_NOT_A_TRIGGER", "BOARD_NOT_FOUND"]).toContain(error.code);
      expect(await readdir(folder)).toEqual(["rig.yaml"]);
    }));

  test("no store, and an unknown session", () =>
    withFolder(async (folder) => {
      const missing = await runCli("session", "list", "--store", join(folder, "nothing"));
      expect(missing.status).toBe(4);
      expect(missing.stderr).toContain("STORE_NOT_FOUND");

      const store = join(folder, "store");
      expect(
        (await runCli("capture", "--rig", virtualRig, "--store", store, "--shots", "1", "--json")).status,
      ).toBe(0);
      const unknown = await runCli("session", "show", "nobody", "--store", store);
      expect(unknown.status).toBe(2);
      expect(unknown.stderr).toContain("NOT_FOUND");
    }));
});

test("a second program may read a store that is written, not write it, and runs its own rig beside it", () =>
  withFolder(async (folder) => {
    const store = join(folder, "store");
    const first = startCli(["capture", "--rig", virtualRig, "--store", store, "--shots", "500", "--json"]);
    const firstResult = finished(first);
    await once(first.stdout, "data");
    try {
      const second = await runCli("capture", "--rig", virtualRig, "--store", store, "--shots", "1", "--json");
      expect(second.status).toBe(4);
      expect(jsonLines(second.stderr)[0]?.code).toBe("STORE_BUSY");
      expect((await runCli("session", "list", "--store", store)).status).toBe(0);
      const other = join(folder, "other");
      const beside = await runCli("capture", "--rig", virtualRig, "--store", other, "--shots", "2", "--json");
      expect(jsonLines(beside.stderr)).toEqual([uncalibrated]);
      expect(beside.status).toBe(0);
    } finally {
      first.kill("SIGINT");
      await firstResult;
    }
  }));
