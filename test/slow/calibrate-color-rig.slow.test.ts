/** `nearfar calibrate color` on the virtual rig: real firmware, real cameras, noise, mosaics. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ColorCalibration } from "../../src/schema/calibration-color.js";
import { jsonLines, repository, runCli, withFolder } from "../support/cli.js";

const rig = join(repository, "rig-configs/virtual.yaml");

async function calibrate(store: string, ...words: string[]): Promise<ColorCalibration> {
  const all = ["calibrate", "color", "--rig", rig, "--store", store, "--distance", "450", ...words, "--json"];
  const { stdout, stderr, status } = await runCli(...all);
  expect(status, stderr).toBe(0);
  return jsonLines(stdout)[0]?.record as ColorCalibration;
}

describe("calibrate color on the virtual rig", () => {
  it(
    "meets its figures, sees no drift on the same rig, and refits a session in a few shots",
    () =>
      withFolder(async (folder) => {
        const store = join(folder, "store");
        const first = await calibrate(store);
        expect(first.verdict).toBe("PASS");
        expect(first.drift).toBeNull();
        for (const map of first.nearToFar ?? []) {
          expect(map.deltaE00.leaveOneOut?.mean).toBeLessThanOrEqual(0.3);
          expect(map.deltaE00.leaveOneOut?.max).toBeLessThanOrEqual(1);
        }
        for (const light of [first.light.near, first.light.far]) {
          expect(light?.flatResidual).toBeLessThanOrEqual(0.005);
          expect(light?.linearityError).toBeLessThanOrEqual(0.002);
          expect(light?.linearity.length).toBeGreaterThanOrEqual(5);
          for (const offset of light?.darkOffset ?? []) expect(Math.abs(offset)).toBeLessThan(0.001);
        }
        const second = await calibrate(store, "--chart", "colorchecker-classic", "--turn", "90");
        expect(second.drift?.since).toBe(first.calibrationId);
        expect(second.drift?.pair?.mean).toBeLessThan(0.2);
        const session = await calibrate(store, "--gray");
        expect(session.drift?.since).toBe(second.calibrationId);
        expect(session.refitOf).toBe(second.calibrationId);
        expect(Date.parse(session.expiresAt as string) - Date.parse(session.createdAt)).toBe(86_400_000);
        expect(session.nearToFar?.[0]?.deltaE00.colored?.mean).toBeLessThan(0.4);
        expect(session.light).toEqual(second.light);
        const next = await calibrate(store, "--gray");
        expect([next.refitOf, next.drift?.since]).toEqual([second.calibrationId, second.calibrationId]);
      }),
    300_000,
  );

  it("refuses to refit what was never calibrated, and leaves no store behind", () =>
    withFolder(async (folder) => {
      const store = join(folder, "store");
      const { status, stderr } = await runCli(
        "calibrate",
        "color",
        "--rig",
        rig,
        "--store",
        store,
        "--gray",
        "--json",
      );
      expect(status).toBe(2);
      expect(jsonLines(stderr)[0]).toMatchObject({ code: "NOT_FOUND" });
      await expect(stat(store)).rejects.toThrow("ENOENT");
    }));
});
