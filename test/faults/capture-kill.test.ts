import { expect, test } from "vitest";
import { killCaptures } from "../support/capture-kill.js";
import { withFolder } from "../support/cli.js";

test(
  "kill -9 of the capture program loses no acknowledged pair and shows no half one",
  () =>
    withFolder(async (folder) => {
      const report = await killCaptures(folder, 5, 1);
      expect(report.acknowledged.length).toBeGreaterThan(5);
      expect(report.stuck).toBe(0);
      expect(report.lost).toEqual([]);
      expect(report.halfPairs).toEqual([]);
      const errors = report.audit.findings.filter((finding) => finding.severity === "error");
      // Only the shots that the last kill left open may be named; resuming would close them.
      expect(errors.filter((finding) => finding.kind !== "open-shot")).toEqual([]);
    }),
  120_000,
);
