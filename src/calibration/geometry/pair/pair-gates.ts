/** What a finished pair calibration is held against. */
import type { GridMap, ReadOuts } from "../../../schema/calibration-geometry.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { median } from "../../../stats/median.js";
import { gate } from "../../record/gate.js";
import { sizeGate } from "./board-size.js";
import type { PairBody } from "./calibrate-pair.js";
import { captureGates } from "./capture-gates.js";
import type { UncertainPair } from "./uncertain-pair.js";
import { viewDriftPx } from "./view-drift.js";

/** @param factors what boards were multiplied by to agree in the eye plane. */
export function pairGates(
  body: PairBody,
  uncertain: UncertainPair,
  factors: readonly (number | null)[],
): Gate[] {
  return [
    ...captureGates(uncertain.solved),
    ...fitGates(body),
    ...alignmentGates(body),
    sizeGate(body, factors),
    ...bendGate(body),
    driftGate(uncertain),
    ...eyePlaneGates(uncertain),
    ...returnGate(body),
  ];
}

function fitGates({ errors }: PairBody): Gate[] {
  const outliers = errors.near.outliers + errors.far.outliers;
  const points = errors.near.points + errors.far.points;
  return [
    ...(["near", "far"] as const).map((arm) =>
      gate({
        id: `held-out-rms-${arm}`,
        title: `Error of the ${arm} view on images it was not fitted to, per point`,
        value: errors[arm].heldOutRmsPx,
        unit: "px",
        warn: 0.5,
        fail: 1.5,
        advice:
          "Look at the residuals: a moved board, a blurred picture or a lens that was touched shows there.",
      }),
    ),
    gate({
      id: "outliers",
      title: "Corners left out",
      value: (100 * outliers) / (points + outliers),
      unit: "%",
      warn: 2,
      fail: 10,
      advice: "Look at the images with most outliers: a dirty board, glare, or a hand before it.",
    }),
  ];
}

function alignmentGates({ stops, uncertainty, crossValidation }: PairBody): Gate[] {
  const worst = (fail: number, of: (readOuts: ReadOuts) => number | null): ReturnType<typeof worstOf> =>
    worstOf(
      stops.map(({ readOuts }) => of(readOuts)),
      fail,
    );
  const moreViews = "Add views of the board 70 mm before and behind the eye plane, tilted to all sides.";
  return [
    gate({
      id: "lateral-sigma",
      title: "Uncertainty of the lateral offset, worst stop",
      ...worst(0.3, ({ lateralOffsetMm: { x, y } }) => Math.max(x.sigma, y.sigma)),
      unit: "mm",
      warn: 0.1,
      advice: moreViews,
    }),
    gate({
      id: "ear-flow-sigma",
      title: "Uncertainty of the flow at the ear, worst stop",
      ...worst(0.5, ({ earFlowSigmaPx }) => earFlowSigmaPx),
      unit: "px",
      warn: 0.15,
      advice: moreViews,
    }),
    gate({
      id: "overlay",
      title: "Near and far disagree on boards that both saw, worst stop",
      ...worst(0.3, ({ overlayRmsPx }) => overlayRmsPx),
      unit: "px",
      warn: 0.12,
      advice:
        "Something moved while the views were taken, or a lens needs more views at the picture's edges.",
    }),
    gate({
      id: "mapping-sigma",
      title: "Uncertainty of the mapping over the eye plane, median of the worst stop",
      ...worstOf(
        uncertainty.map(({ map }) => middleOf(map)),
        0.5,
      ),
      unit: "px",
      warn: 0.15,
      advice: "Hold the board in the corners of the picture too.",
    }),
    gate({
      id: "cross-validation",
      title: "Difference between the halves of the views, median of the worst stop",
      ...worstOf(
        crossValidation.map(({ map }) => middleOf(map)),
        1,
      ),
      unit: "px",
      warn: 0.3,
      advice: "More views, or a lens that distorts in a way the model does not know.",
    }),
  ];
}

/** The greatest beside its limit; null where one of them is not known, unless another one fails anyway. */
function worstOf(
  values: readonly (number | null)[],
  fail: number,
): { readonly value: number | null; readonly fail: number } {
  const known = values.filter((value) => value !== null);
  const worst = Math.max(...known);
  return { value: known.length === values.length || worst > fail ? worst : null, fail };
}

function middleOf({ values }: GridMap): number | null {
  return median(values.filter((value) => value !== null));
}

/** None for boards that were taken to be exact. */
function bendGate({ boards }: PairBody): Gate[] {
  const bends = boards.flatMap(({ warpMm, shapeMm }) => {
    if (warpMm === null || shapeMm === null) return [];
    return [Math.max(Math.abs(warpMm[0]) + Math.abs(warpMm[1]), ...shapeMm.map(([, , z]) => Math.abs(z)))];
  });
  if (bends.length === 0) return [];
  return [
    gate({
      id: "board-bend",
      title: "Bend of the worst board",
      value: Math.max(...bends),
      unit: "mm",
      warn: 0.6,
      fail: 2,
      advice:
        "Glue the print to a stiff, flat plate: a bent board that flexes between views cannot be solved for.",
    }),
  ];
}

function driftGate(uncertain: UncertainPair): Gate {
  const drifts = uncertain.solved.stops.map((_, stop) => viewDriftPx(uncertain, stop));
  return gate({
    id: "view-drift",
    title: "Move of near against far between the first and the second half of a stop's views",
    ...worstOf(drifts, 0.5),
    unit: "px",
    warn: 0.15,
    advice: "Plate or cameras moved while the views were taken: fix them and take the stop again.",
  });
}

function eyePlaneGates(uncertain: UncertainPair): Gate[] {
  const depths = uncertain.eyePlane.depthsMm(uncertain.solved.state).map(({ depthMm }) => depthMm);
  const advice =
    "Hold the board where the eyes will be, facing the cameras, in two or three views of every stop.";
  if (depths.length < 2) {
    return [
      gate({
        id: "eye-plane-views",
        title: "Views of a board in the eye plane",
        value: depths.length,
        unit: "",
        better: "higher",
        warn: 1,
        fail: null,
        advice,
      }),
    ];
  }
  return [
    gate({
      id: "eye-plane-spread",
      title: "Depths of the boards that were held in the eye plane, greatest less least",
      value: Math.max(...depths) - Math.min(...depths),
      unit: "mm",
      warn: 10,
      fail: 40,
      advice,
    }),
  ];
}

function returnGate({ returnErrorMm }: PairBody): Gate[] {
  if (returnErrorMm === null) return [];
  return [
    gate({
      id: "return-error",
      title: "How far the near camera came back from its place",
      value: returnErrorMm,
      unit: "mm",
      warn: 0.3,
      fail: 2,
      advice: "Use stops or clamps on the rail, and come to a stop from the same side always.",
    }),
  ];
}
