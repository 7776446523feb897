/** Which knob to turn which way, and by how much. */
import type { ReadOuts } from "../../../schema/calibration-geometry.js";

/** Sideways moves below this are not worth a turn of the screw: under a quarter px at the ear even if unknown. */
const moveToleranceMm = 0.3;
/** Up to here a pupil beside the line of sight does no harm once it is known. */
const harmlessOffsetMm = 3;
/** How well it must be known: 0.1 mm is 0.1 px at the ear with the near camera at 23 cm. */
const knownToMm = 0.1;
/** A roll of half a degree shifts the edge of a picture of 300 mm by 1.3 mm: corrected, but it costs picture. */
const rollToleranceMdeg = 500;
/** The face may stand beside the middle of the near picture by this share of it. */
const aimToleranceShare = 0.04;
/** The carriage's scale against the pupil: beyond this its zero is wrong. */
const distanceToleranceMm = 10;

export interface AdviceContext {
  readonly stopMm: number;
  readonly nearFocalPx: number;
  readonly nearSizePx: readonly [number, number];
}

/** One sentence each; none when nothing needs to be done. */
export function adviceFor(readOuts: Omit<ReadOuts, "advice">, context: AdviceContext): string[] {
  return [
    ...sidewaysAdvice(readOuts),
    ...aimAdvice(readOuts, context),
    ...rollAdvice(readOuts),
    ...distanceAdvice(readOuts, context),
  ];
}

function sidewaysAdvice({
  lateralOffsetMm: offset,
  nearDistanceMm,
  farDistanceMm,
}: Omit<ReadOuts, "advice">): string[] {
  // The line of sight turns about the face point, so the near camera has the shorter way.
  const lever = nearDistanceMm.value / farDistanceMm.value;
  const harmless = Math.hypot(offset.x.value, offset.y.value) <= harmlessOffsetMm;
  const sides = [
    { value: offset.x, ahead: "right", back: "left" },
    { value: offset.y, ahead: "down", back: "up" },
  ];
  const moves = sides.flatMap(({ value, ahead, back }) => {
    const way = value.value * lever;
    if (Math.abs(way) <= moveToleranceMm) return [];
    const mm = `${Math.abs(way).toFixed(1)} mm`;
    const why = `the far pupil lies ${Math.abs(value.value).toFixed(2)} ± ${value.sigma.toFixed(2)} mm ${value.value > 0 ? ahead : back} of its line of sight`;
    const need = harmless ? "; known and corrected, so it may stay" : "";
    return [
      `Move the near camera ${mm} ${way > 0 ? ahead : back}, as its upright picture shows it: ${why}${need}.`,
    ];
  });
  const sigma = Math.max(offset.x.sigma, offset.y.sigma);
  const vague =
    sigma > knownToMm
      ? [
          `The lateral offset is known to ± ${sigma.toFixed(2)} mm only: add views of the board 70 mm before and behind the eye plane.`,
        ]
      : [];
  return [...moves, ...vague];
}

function aimAdvice(
  { aimErrorPx }: Omit<ReadOuts, "advice">,
  { nearFocalPx, nearSizePx }: AdviceContext,
): string[] {
  const axes = [
    { error: aimErrorPx.x, size: nearSizePx[0], ahead: "right", back: "left" },
    { error: aimErrorPx.y, size: nearSizePx[1], ahead: "down", back: "up" },
  ];
  return axes.flatMap(({ error, size, ahead, back }) => {
    if (Math.abs(error) <= aimToleranceShare * size) return [];
    const degrees = (Math.atan(Math.abs(error) / nearFocalPx) * 180) / Math.PI;
    const side = error > 0 ? ahead : back;
    return [
      `Turn the near camera ${degrees.toFixed(2)}° ${side}, as its upright picture shows it: the face point is ${Math.abs(error).toFixed(0)} px off the middle.`,
    ];
  });
}

function rollAdvice({ rollMdeg }: Omit<ReadOuts, "advice">): string[] {
  if (Math.abs(rollMdeg.value) <= rollToleranceMdeg) return [];
  const degrees = (Math.abs(rollMdeg.value) / 1000).toFixed(2);
  const way = rollMdeg.value > 0 ? "counter-clockwise" : "clockwise";
  return [`Turn the near camera ${degrees}° ${way} about its axis, as its upright picture shows it.`];
}

function distanceAdvice({ nearDistanceMm }: Omit<ReadOuts, "advice">, { stopMm }: AdviceContext): string[] {
  const error = nearDistanceMm.value - stopMm;
  if (Math.abs(error) <= distanceToleranceMm) return [];
  const way = error > 0 ? "farther from" : "nearer to";
  return [
    `At stop ${stopMm} mm the near pupil stands ${Math.abs(error).toFixed(0)} mm ${way} the eye plane than the rail says: set the rail's zero.`,
  ];
}
