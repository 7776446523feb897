import { expect, test } from "vitest";
import { killCaptures } from "../support/capture-kill.js";
import { withFolder } from "../support/cli.js";

test("200 kills of the capture program lose no acknowledged pair and show no half one", () =>
  withFolder(async (folder) => {
    const report = await killCaptures(folder, 200, 2);
    console.log(
      `${report.kills} kills, ${report.acknowledged.length} acknowledged shots, ${report.lost.length} lost`,
    );
    expect(report.acknowledged.length).toBeGreaterThan(200);
    expect(report.stuck).toBe(0);
    expect(report.lost).toEqual([]);
    expect(report.halfPairs).toEqual([]);
    const errors = report.audit.findings.filter((finding) => finding.severity === "error");
    expect(errors.filter((finding) => finding.kind !== "open-shot")).toEqual([]);
  }));
