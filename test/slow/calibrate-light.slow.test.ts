/** `nearfar calibrate light` on the virtual rig: real firmware, real cameras, noise, mosaics. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { calibrationSchema } from "../../src/schema/calibration.js";
import { jsonLines, repository, runCli, withFolder } from "../support/cli.js";

test(
  "`calibrate light` on the virtual rig, through board and cameras, keeps a record that others read",
  () =>
    withFolder(async (folder) => {
      const store = join(folder, "store");
      const rig = join(repository, "rig-configs/virtual.yaml");
      const words = ["--stops", "450", "--shots", "4", "--plate", "4", "--json"];
      const { status, stdout, stderr } = await runCli(
        "calibrate",
        "light",
        "--rig",
        rig,
        "--store",
        store,
        ...words,
      );
      expect(stderr).toBe("");
      expect(status).toBe(0);
      const [line] = jsonLines(stdout) as { record: unknown }[];
      const record = calibrationSchema.parse(line?.record);
      if (record.kind !== "light") throw new Error(`a ${record.kind} calibration`);
      const [stop] = record.ghost;
      for (const arm of ["near", "far"] as const) {
        const [x, y] = stop?.[arm]?.offsetPx ?? [0, 0];
        // 2.23 mm at 4.75 to 4.8 px/mm; the plate is one of 3 mm, whatever the call says.
        expect(Math.hypot(x - 10.63, y)).toBeLessThan(0.6);
        expect(record.veil[arm]?.every((share) => Math.abs(share) < 0.001)).toBe(true);
        expect(Math.abs(record.sharpness[arm][0]?.bestFocusMm ?? 99)).toBeLessThan(8);
      }
      expect(record.advice.join("\n")).toMatch(
        /plate of (2\.[89]|3\.[012])\d mm would put them, not one of 4 mm/,
      );
      expect(record.verdict).toBe("WARN");

      const list = await runCli("calibrate", "list", "--store", store, "--json");
      expect(list.stdout).toContain(record.calibrationId);
    }),
  600_000,
);
