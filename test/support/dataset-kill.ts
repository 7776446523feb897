/** kill -9 of a writing process at random moments, and what must hold afterwards. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { AlignmentEntry } from "../../src/dataset/dataset.js";
import type { Calibration } from "../../src/schema/calibration.js";
import type { ShotRecord } from "../../src/schema/records.js";
import { openStore, temporaryFolder } from "./dataset-fixtures.js";
import { startStoreProcess } from "./dataset-processes.js";

/** How long a writer lives after it has opened the store, or after its first shot, at most. */
const longestLifeMs = 200;

/** Kills `rounds` writers of one store one after the other; returns how many shots were acknowledged. */
export async function killWriters(rounds: number): Promise<number> {
  const folder = await temporaryFolder();
  const acknowledged = new Map<number, ShotRecord>();
  const calibrationIds: string[] = [];
  const alignments: AlignmentEntry[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const child = startStoreProcess("write-forever", folder.path);
      await child.fact(round % 4 === 0 ? "ready" : "acknowledged");
      await sleep(Math.random() * longestLifeMs);
      await child.kill();
      const calibrations = child.facts.flatMap((fact) =>
        "calibrated" in fact ? [fact.calibrated as Calibration] : [],
      );
      calibrationIds.push(...calibrations.map(({ calibrationId }) => calibrationId));
      for (const fact of child.facts) {
        if ("aligned" in fact) alignments.push(fact.aligned as AlignmentEntry);
        if (!("acknowledged" in fact)) continue;
        const shot = fact.acknowledged as ShotRecord;
        expect(acknowledged.has(shot.shotId), `shot id ${shot.shotId} was given out twice`).toBe(false);
        acknowledged.set(shot.shotId, shot);
      }
      await checkStore(folder.path, acknowledged, calibrationIds, calibrations, alignments);
    }
  } finally {
    await folder.remove();
  }
  return acknowledged.size;
}

async function checkStore(
  directory: string,
  acknowledged: ReadonlyMap<number, ShotRecord>,
  calibrationIds: readonly string[],
  latest: readonly Calibration[],
  alignments: readonly AlignmentEntry[],
): Promise<void> {
  const dataset = await openStore(directory, "must-exist");
  try {
    const shots = new Map((await dataset.shots({})).map((shot) => [shot.shotId, shot]));
    for (const [shotId, shot] of acknowledged) expect(shots.get(shotId)).toEqual(shot);
    for (const shot of shots.values()) expect(shot.frames.map((frame) => frame.arm)).toEqual(["near", "far"]);
    const stored = (await dataset.calibrations({})).map(({ calibrationId }) => calibrationId);
    expect(stored).toEqual(expect.arrayContaining([...calibrationIds]));
    for (const record of latest) {
      expect(await dataset.readCalibration(record.calibrationId)).toEqual(record);
    }
    expect(await dataset.alignments({})).toEqual(expect.arrayContaining([...alignments]));
    const report = await dataset.audit({});
    expect(report.findings.filter((finding) => finding.severity === "error")).toEqual([]);
    await dataset.sweepIncoming();
  } finally {
    await dataset.close();
  }
}
