/** Whether squares are as large as they are said to be. Images of one board do not tell; rail and other boards do. */
import type { Gate } from "../../../schema/calibration-header.js";
import { gate } from "../../record/gate.js";
import type { PairBody } from "./calibrate-pair.js";

/** Below this travel the rail says less than the nominal distances do. */
const travelNeededMm = 150;

/**
 * @param factors what boards were multiplied by to agree with each other in the eye plane; null where unknown.
 */
export function sizeGate({ stops, boards }: PairBody, factors: readonly (number | null)[]): Gate {
  const byRail = railScale(stops);
  const errors = boards.map(({ id, squareMm }, i) => {
    const between = factors[i] ?? 1;
    // Boards were brought to the size of one of them; the rail tells how large that one is.
    const scale = between * byRail.scale;
    return { id, squareMm, scale, error: Math.abs(scale - 1) };
  });
  const worst = errors.reduce((a, b) => (b.error > a.error ? b : a));
  const bySize = byRail.fromTravel
    ? { warn: 1, fail: 3 }
    : // Distances set by hand and the pupil's unknown place in the lens.
      { warn: 6, fail: 15 };
  return gate({
    id: "square-size",
    title: "Size of the boards against the rail's distances",
    value: 100 * worst.error,
    unit: "%",
    ...bySize,
    advice: `The squares of ${worst.id} seem to be ${(worst.squareMm * worst.scale).toFixed(2)} mm, not ${worst.squareMm} mm: measure ten of them with a ruler, and print at 100 %.`,
  });
}

/** By how much distances on the rail are longer than those that the boards give. */
function railScale(stops: PairBody["stops"]): { scale: number; fromTravel: boolean } {
  const pairs = stops.map(({ distanceMm, readOuts }) => ({
    told: distanceMm,
    solved: readOuts.nearDistanceMm.value,
  }));
  const mean = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [told, solved] = [mean((pair) => pair.told), mean((pair) => pair.solved)];
  const travel = Math.max(...pairs.map((pair) => pair.told)) - Math.min(...pairs.map((pair) => pair.told));
  if (travel < travelNeededMm) return { scale: told / solved, fromTravel: false };
  const across = pairs.reduce((sum, pair) => sum + (pair.told - told) * (pair.solved - solved), 0);
  const along = pairs.reduce((sum, pair) => sum + (pair.solved - solved) ** 2, 0);
  return { scale: across / along, fromTravel: true };
}
