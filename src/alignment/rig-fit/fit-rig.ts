/** Tracks the rig on every pair: what the tangential residuals of its correspondences say of pupil, roll and shift. */
import type { Pixel } from "../../geometry/brown-camera.js";
import type { RigErrors } from "../../geometry/rig-residual.js";
import type { SparseFlow } from "../../native/sparse-flow.js";
import { type FaceZone, faceZones, type RigFit } from "../../schema/alignment.js";
import { choleskyFactor, choleskySolve } from "../../stats/cholesky.js";
import { sigmaAt } from "../../stats/propagated-covariance.js";
import { fitCovariance } from "./fit-covariance.js";
import { asVector, type FittedNode, type RobustFit, robustFit } from "./robust-fit.js";
import { type Correspondence, type RigFitGeometry, rigErrorNames, tangentialOf } from "./tangential.js";
import { type TangentialRow, tangentialRow } from "./tangential-rows.js";
import { usualSparseFlow } from "./usual-sparse-flow.js";

export interface RigFitOptions {
  /** Zone of a near canonical pixel; null: not of the head, and left out. Without it all nodes count, in no zone. */
  readonly zoneOf?: (nearPx: Pixel) => FaceZone | null;
  /** Side of the windows that were matched; that of {@link usualSparseFlow} unless given. */
  readonly windowPx?: number;
}

export interface FittedRig {
  /** In all: those that the flow was started with and what was found on top of them. */
  readonly errors: RigErrors;
  readonly record: RigFit;
  /** Of every usable node, outliers too. */
  readonly rows: readonly TangentialRow[];
}

/** Five unknowns from fewer nodes would mean little. */
const leastNodes = 20;
/** χ² of five unknowns that is exceeded by chance as often as three standard deviations are (0.27 %). */
const significantSquare = 18.21;
/** Smaller errors than this on the whole head are not worth correcting. */
const leastEffectPx = 0.05;

/**
 * Least squares of the tangential residuals against the errors of geometry/rig-residual.ts, robust (Huber, then
 * Tukey), with the weak priors of `priorSigmas`. Sigmas hold the misfit (χ² above 1) and the likeness of
 * neighbouring nodes. What cannot be seen this way: {@link blindTo}.
 * @param errorsBefore with which the flow's start was predicted.
 * @returns null when there are fewer than 20 usable nodes.
 */
export function fitRig(
  flow: SparseFlow,
  geometry: RigFitGeometry,
  errorsBefore: RigErrors,
  { zoneOf, windowPx = usualSparseFlow.windowPx }: RigFitOptions = {},
): FittedRig | null {
  const nodes = nodesOf(flow, zoneOf);
  if (nodes.length < leastNodes) return null;
  const fit = robustFit(geometry, errorsBefore, nodes);
  const used = fit?.nodes.filter(({ weight }) => weight > 0) ?? [];
  if (fit === null || used.length < leastNodes) return null;
  const chi2 = chi2Of(used, rigErrorNames.length);
  const covariance = fitCovariance(fit, chi2, windowPx);
  const [offsetX, offsetY, roll, shiftX, shiftY] = asVector(fit.errors).map((value, i) => ({
    value,
    sigma: sigmaAt(covariance, rigErrorNames.length, i),
  })) as [Measured, Measured, Measured, Measured, Measured];
  const mdegPerRad = 180_000 / Math.PI;
  const before = used.flatMap(({ seen }) => tangentialOf(geometry, errorsBefore, seen)?.residualPx ?? []);
  return {
    errors: fit.errors,
    rows: fit.nodes.map((node) => tangentialRow(node, (node.seen as Node).zone)),
    record: {
      nearPupilOffsetMm: { x: offsetX, y: offsetY },
      rollMdeg: { value: roll.value * mdegPerRad, sigma: roll.sigma * mdegPerRad },
      shiftPx: { x: shiftX, y: shiftY },
      points: used.length,
      outliers: fit.nodes.length - used.length,
      tangentialRmsPx: { before: rms(before), after: rmsOf(used) },
      chi2,
      applied: isWorthIt(fit, covariance),
      zones: faceZones.flatMap((zone) => zoneFigures(zone, used)),
    },
  };
}

type Measured = { value: number; sigma: number };

interface Node extends Correspondence {
  readonly zone: FaceZone | null;
  readonly texture: number;
}

function nodesOf(flow: SparseFlow, zoneOf: RigFitOptions["zoneOf"]): Node[] {
  return Array.from(flow.depthMm, (depthMm, i): Node => {
    const nearPx = pairAt(flow.nearPx, i);
    const [xx, xy, yy] = flow.covariance.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    return {
      nearPx,
      farPx: pairAt(flow.farPx, i),
      depthMm,
      covariance: [xx, xy, yy],
      zone: zoneOf?.(nearPx) ?? null,
      texture: flow.texture[i] as number,
    };
  }).filter(({ zone }) => zoneOf === undefined || zone !== null);
}

function pairAt(values: Float64Array, i: number): Pixel {
  return [values[2 * i] as number, values[2 * i + 1] as number];
}

function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
}

function rmsOf(nodes: readonly FittedNode[]): number {
  return rms(nodes.map(({ tangential }) => tangential.residualPx));
}

/** Of normalised residuals over their degrees of freedom. */
function chi2Of(nodes: readonly FittedNode[], unknowns: number): number {
  const squares = nodes.reduce((sum, { tangential: t }) => sum + (t.residualPx / t.sigmaPx) ** 2, 0);
  return squares / Math.max(1, nodes.length - unknowns);
}

function zoneFigures(zone: FaceZone, nodes: readonly FittedNode[]): RigFit["zones"] {
  const inside = nodes.filter(({ seen }) => (seen as Node).zone === zone);
  if (inside.length === 0) return [];
  return [
    {
      zone,
      points: inside.length,
      tangentialRmsPx: rmsOf(inside),
      chi2: chi2Of(inside, 0),
      texture: rms(inside.map(({ seen }) => (seen as Node).texture)),
    },
  ];
}

/** Whether the errors differ from none by more than chance, and move something on the head by more than a trifle. */
function isWorthIt({ errors, nodes }: RobustFit, covariance: Float64Array): boolean {
  const values = asVector(errors);
  const factor = choleskyFactor(covariance, values.length);
  if (factor === null) return false;
  const solved = choleskySolve(factor, values);
  const square = values.reduce((sum, value, i) => sum + value * (solved[i] as number), 0);
  const effects = nodes
    .filter(({ weight }) => weight > 0)
    .map(({ tangential: { slopes } }) =>
      Math.abs(slopes.reduce((sum, slope, i) => sum + slope * (values[i] as number), 0)),
    );
  return square > significantSquare && effects.some((effect) => effect > leastEffectPx);
}
