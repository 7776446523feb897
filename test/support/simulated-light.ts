/** Light through plate and lenses, and timing, of a rig with flaws, seeded, as calibration records keep them. */
import {
  type CalibrationOf,
  createRecord,
  type RecordContext,
} from "../../src/calibration/record/create-record.js";
import { spreadOf } from "../../src/calibration/sync/spread.js";
import type { SyncRound } from "../../src/schema/calibration-sync.js";
import { recordContext } from "./calibration-fixtures.js";
import { seededNormal } from "./noise.js";
import { variousGates } from "./various-gates.js";

const stopsMm = [230, 300, 390, 500, 650, 840, 1070, 1370];

export function simulatedLight(context: Partial<RecordContext> = {}): CalibrationOf<"light"> {
  const normal = seededNormal(41);
  const ghostAt = (xPx: number, strength: number) => ({
    offsetPx: [xPx + 0.15 * normal(), 0.1 * normal()] as [number, number],
    strength,
    expectedOffsetPx: [xPx, 0] as [number, number],
  });
  return createRecord(
    {
      kind: "light",
      ghost: [230, 500, 1370].map((distanceMm) => ({
        distanceMm,
        near: ghostAt(-20.3 - 400 / distanceMm, 0.112),
        far: distanceMm === 500 ? null : ghostAt(9.6, 0.0084),
        noLight: { near: null, far: distanceMm === 500 ? "nothing stands out" : null },
      })),
      veil: { near: [0.0041, 0.0038, 0.0044], far: null },
      polarisation: { nearS: 1.31, nearP: 0.69, farS: 0.78, farP: 1.22 },
      sharpness: {
        near: stopsMm.map((distanceMm) => ({
          distanceMm,
          mtf50: [0.33 + 0.01 * normal(), 0.31 + 0.01 * normal()] as [number, number],
          bestFocusMm: distanceMm > 1000 ? null : 12 + 5 * normal(),
        })),
        far: stopsMm.map((distanceMm) => ({
          distanceMm,
          mtf50: [0.28 + 0.005 * normal(), 0.27 + 0.005 * normal()] as [number, number],
          bestFocusMm: 4 + 2 * normal(),
        })),
      },
      advice: [
        "Turn a polariser before the lamps to p: the near camera then sees less glare than the far one.",
      ],
    },
    recordContext({ gates: variousGates, commandLine: ["nearfar", "calibrate", "light"], ...context }),
  );
}

export function simulatedSync(context: Partial<RecordContext> = {}): CalibrationOf<"sync"> {
  const normal = seededNormal(43);
  const before = round(normal, { near: 0, far: 0 }, 60);
  return createRecord(
    {
      kind: "sync",
      skewKind: "measured",
      before,
      proposedDelayUs: { near: 15.125, far: 0 },
      verified: round(normal, { near: 15.125, far: 0 }, 40),
      ledCounter: {
        read: 38,
        unreadable: 2,
        mismatched: 0,
        differenceUs: { count: 38, median: 0, p95: 62.5, max: 125 },
      },
    },
    recordContext({
      gates: variousGates,
      commandLine: ["nearfar", "calibrate", "sync", "--rig", "it's mine.yaml"],
      ...context,
    }),
  );
}

/** Every seventeenth shot gives no edge of the far camera. */
function round(normal: () => number, delayUs: SyncRound["delayUs"], count: number): SyncRound {
  const shots = Array.from({ length: count }, (_, i) => {
    const near = 40 + delayUs.near + 5 * normal();
    const far = i % 17 === 16 ? null : 55 + delayUs.far + 5 * normal();
    return { shotId: i + 1, lagUs: { near, far }, skewUs: far === null ? null : near - far };
  });
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
  return {
    delayUs,
    lagUs: {
      near: spreadOf(known(shots.map(({ lagUs }) => lagUs.near))),
      far: spreadOf(known(shots.map(({ lagUs }) => lagUs.far))),
    },
    skewUs: spreadOf(known(shots.map(({ skewUs }) => skewUs))),
    shots,
  };
}
