/** What the measurements of light ask the operator to do, in sentences with numbers. */
import { arms } from "../../capture/rig.js";
import type { Triple } from "../../color/lab.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { Gate } from "../../schema/calibration-header.js";
import { median } from "../../stats/median.js";
import type { LightMeasured } from "./light-gates.js";
import type { LightStop } from "./light-stop.js";
import { type PlateGlass, thicknessOfSeparation } from "./plate-ghost.js";
import { highlightRatios } from "./polarisation.js";
import { liftOfDarkSkin } from "./veil.js";

/** A difference of thickness that a ghost's place tells. */
const thicknessShare = 0.1;
/** Highlights that differ less than this between the arms need no care. */
const evenHighlights = 1.1;
/** A veil that dark skin begins to show, share of a white's. */
const visibleVeil = 0.002;

export function lightAdvice(
  measured: LightMeasured,
  stops: readonly LightStop[],
  glass: PlateGlass | null,
  gates: readonly Gate[],
): string[] {
  return [
    ...new Set(gates.flatMap(({ advice }) => (advice === null ? [] : [advice]))),
    ...arms.flatMap((arm) => armAdvice(measured, stops, arm)),
    ...thicknessAdvice(stops, glass),
    ...polarisationAdvice(measured),
  ];
}

function armAdvice({ veil }: LightMeasured, stops: readonly LightStop[], arm: Arm): string[] {
  const missing = stops.flatMap(({ distanceMm, ghosts }) => {
    const sight = ghosts[arm];
    return sight.kind === "no-light" ? [`At ${distanceMm} mm, ${arm} view: ${sight.why}`] : [];
  });
  const shares = veil[arm];
  if (shares === null || meanOf(shares) < visibleVeil) return missing;
  const lift = liftOfDarkSkin(shares);
  return [
    ...missing,
    `The veil of ${(100 * meanOf(shares)).toFixed(2)} % over the ${arm} view lifts dark skin by ${lift.toFixed(1)} L*: ` +
      `cover what the ${arm} camera sees by the plate's other way with black velvet.`,
  ];
}

const meanOf = ([r, g, b]: Triple): number => (r + g + b) / 3;

/** From all ghosts together, when the plate is not what it is said to be. */
function thicknessAdvice(stops: readonly LightStop[], glass: PlateGlass | null): string[] {
  if (glass === null) return [];
  const thicknesses = stops.flatMap(({ ghosts, sharpness }) =>
    arms.flatMap((arm) => {
      const [sight, pxPerMm] = [ghosts[arm], sharpness[arm]?.pxPerMm];
      if (sight.kind !== "ghost" || pxPerMm === undefined) return [];
      const asideMm = Math.abs(sight.ghost.offsetPx[0]) / pxPerMm;
      return [thicknessOfSeparation(asideMm, glass.refractiveIndex, glass.incidenceDeg)];
    }),
  );
  const seenMm = median(thicknesses);
  if (seenMm === null || Math.abs(seenMm / glass.thicknessMm - 1) < thicknessShare) return [];
  return [
    `The ghosts stand where a plate of ${seenMm.toFixed(2)} mm would put them, not one of ${glass.thicknessMm} mm: ` +
      "measure the plate, and calibrate the geometry with it in place.",
  ];
}

function polarisationAdvice({ polarisation }: LightMeasured): string[] {
  if (polarisation === null) return [];
  const { s, p } = highlightRatios(polarisation);
  const most = Math.max(s, 1 / s, p, 1 / p);
  if (most < evenHighlights) {
    return ["The plate treats both polarisations alike: highlights look the same to both cameras."];
  }
  return [
    `The plate polarises: a highlight whose light swings upright (s) is ${s.toFixed(2)} times as bright in the near ` +
      `view as in the far view, one that swings level (p) ${p.toFixed(2)} times, beside skin that is alike in both.`,
    "Cross-polarise to be rid of highlights: polarisers before all lamps upright, before both lenses level (or the " +
      "reverse); else leave highlights out of comparisons of the two views.",
  ];
}
