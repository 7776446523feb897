import { expect, it } from "vitest";
import { killAlignments } from "../support/align-kill.js";
import { newSession, openStore, storePair, temporaryFolder } from "../support/dataset-fixtures.js";
import { spawnStoreProcess } from "../support/dataset-processes.js";

const pairs = 24;

it("ends with the same alignments, bit for bit, as a run that was never killed", async () => {
  const folder = await temporaryFolder();
  try {
    const store = `${folder.path}/store`;
    const dataset = await openStore(store);
    const session = await dataset.startSession(newSession());
    for (let i = 0; i < pairs; i += 1) await storePair(dataset, session);
    await dataset.close();
    const program = { start: (copy: string) => spawnStoreProcess("align", copy), sign: "shotId" };
    const report = await killAlignments(store, program, 5, 3);
    expect(report.kills).toBe(5);
    expect(report.alignedWhenKilled).toBeGreaterThan(0);
    expect(report.alignedWhenKilled).toBeLessThan(pairs);
    expect(report.undisturbed.alignments).toHaveLength(pairs);
    expect(report.undisturbed.findings).toEqual([]);
    expect(report.killed).toEqual(report.undisturbed);
  } finally {
    await folder.remove();
  }
}, 60_000);
