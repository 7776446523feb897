import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { calibrationText } from "../../src/schema/calibration-text.js";
import { simulatedCamera } from "../support/calibration-records.js";
import { jsonLines, runCli, withFolder } from "../support/cli.js";
import { openStore } from "../support/dataset-fixtures.js";

const record = simulatedCamera(4);

test("a report is written from a record's file and from a store, and nothing is replaced unasked", async () => {
  await withFolder(async (folder) => {
    const [file, out, store] = [
      join(folder, "camera.json"),
      join(folder, "camera.html"),
      join(folder, "store"),
    ];
    await writeFile(file, calibrationText(record));
    const written = await runCli("calibrate", "report", file, "--out", out);
    expect(written).toMatchObject({ status: 0, stderr: "" });
    expect(written.stdout).toContain("FAIL Range of board tilt: Tilt the board up to 45° to all four sides.");
    const html = await readFile(out, "utf8");
    expect(html).toContain(record.calibrationId);

    await writeFile(out, "mine");
    const refused = await runCli("calibrate", "report", file, "--out", out);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("OUTPUT_EXISTS");
    expect(await readFile(out, "utf8")).toBe("mine");

    const dataset = await openStore(store);
    await dataset.addCalibration(record);
    await dataset.close();
    const stored = await runCli(
      ...["calibrate", "report", record.calibrationId, "--store", store, "--out", out, "--force", "--json"],
    );
    expect(stored).toMatchObject({ status: 0, stderr: "" });
    const again = await readFile(out);
    expect(jsonLines(stored.stdout)).toMatchObject([
      { type: "report", path: out, bytes: again.length, verdict: record.verdict, numbers: { fx: 532.827 } },
    ]);
    expect(again.toString().includes(record.calibrationId)).toBe(true);
  });
});

test("wrong calls are told apart by a code and leave nothing behind", async () => {
  await withFolder(async (folder) => {
    const out = join(folder, "out", "page.html");
    await mkdir(join(folder, "out"));
    const broken = join(folder, "broken.json");
    await writeFile(broken, calibrationText(record).replace('"kind":"camera"', '"kind":"camara"'));
    for (const [reference, status, code] of [
      [join(folder, "absent.json"), 2, "NOT_FOUND"],
      [broken, 5, "FILE_CORRUPT"],
      [record.calibrationId, 2, "USAGE"],
    ] as const) {
      const result = await runCli("calibrate", "report", reference, "--out", out);
      expect(result.status).toBe(status);
      expect(result.stderr).toContain(code);
    }
    const itself = await runCli("calibrate", "report", broken, "--out", broken, "--force");
    expect(itself).toMatchObject({ status: 2, stderr: expect.stringContaining("USAGE") });
    expect(await readFile(broken, "utf8")).toContain("camara");
    const nowhere = await runCli("calibrate", "report", broken, "--out", join(folder, "none", "page.html"));
    expect(nowhere).toMatchObject({ status: 2 });
    expect(await readdir(join(folder, "out"))).toEqual([]);
  });
});
