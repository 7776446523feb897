/** Input that must not or cannot be calibrated, before any solving. */
import { CallerError } from "../../../base/errors.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { gate } from "../../record/gate.js";
import type { PairInput, PairView } from "./pair-input.js";

/** Below this a stop's geometry hangs on single views. */
const jointViewsNeeded = 6;
/** From here on more views gain little. */
const jointViewsWished = 12;
/** Fewer corners than this do not tell a pose from noise. */
const cornersNeeded = 8;

export interface CheckedInput {
  readonly given: PairInput;
  /** Stops with too few views left out, and sightings with too few corners. */
  readonly input: PairInput;
  /** Numbers of the given stops: those of the input in its order, then those that were left out. */
  readonly stopOrder: readonly number[];
  /** Alongside the given views. */
  readonly fates: readonly {
    /** Among the input's views; null when its stop was left out. */
    readonly index: number | null;
    /** What of it was left out, and why; null: nothing. */
    readonly unused: string | null;
  }[];
  readonly gates: readonly Gate[];
}

/**
 * @throws CallerError USAGE for indices, ids and corners that make no sense, CALIBRATION_REFUSED when no stop
 * has boards enough that both arms saw.
 */
export function checkedInput(given: PairInput): CheckedInput {
  const views = given.views.map((view) => withoutScraps(requireSense(given, view)));
  const joint = given.stops.map(
    (_, stop) => views.filter((view) => view.stop === stop && view.near && view.far).length,
  );
  const stops = joint.map((_, stop) => stop);
  const kept = stops.filter((stop) => (joint[stop] as number) >= jointViewsNeeded);
  if (kept.length === 0) throw tooFewViews(given, joint);
  const input = {
    ...given,
    stops: kept.map((stop) => given.stops[stop] as PairInput["stops"][number]),
    views: views.flatMap((view) =>
      kept.includes(view.stop) ? [{ ...view, stop: kept.indexOf(view.stop) }] : [],
    ),
  };
  let next = 0;
  const fates = given.views.map((view) => {
    const isKept = kept.includes(view.stop);
    return { index: isKept ? next++ : null, unused: whyUnused(view, isKept) };
  });
  const stopOrder = [...kept, ...stops.filter((stop) => !kept.includes(stop))];
  return { given, input, stopOrder, fates, gates: [jointViewsGate(given, joint)] };
}

function whyUnused(view: PairView, stopIsKept: boolean): string | null {
  const reasons = (["near", "far"] as const).flatMap((arm) => {
    const corners = view[arm]?.ids.length ?? cornersNeeded;
    return corners < cornersNeeded ? [`${arm} saw ${corners} corners, ${cornersNeeded} are needed`] : [];
  });
  if (view.near === null && view.far === null) reasons.push("no arm saw the board");
  if (!stopIsKept) reasons.push(`its stop has fewer than ${jointViewsNeeded} views that both arms saw`);
  return reasons.length > 0 ? reasons.join("; ") : null;
}

function jointViewsGate({ stops }: PairInput, joint: readonly number[]): Gate {
  const fewest = Math.min(...joint);
  const poor = stops.flatMap(({ distanceMm }, stop) =>
    (joint[stop] as number) < jointViewsWished ? [`${joint[stop]} at ${distanceMm} mm`] : [],
  );
  const left = joint.some((count) => count < jointViewsNeeded)
    ? ` Stops with fewer than ${jointViewsNeeded} were left out.`
    : "";
  return gate({
    id: "joint-views",
    title: "Fewest views of a stop that both arms saw",
    value: fewest,
    unit: "",
    better: "higher",
    warn: jointViewsWished,
    fail: jointViewsNeeded,
    advice: `Take more views that both arms see: ${poor.join(", ")}.${left}`,
  });
}

function withoutScraps(view: PairView): PairView {
  const enough = (seen: PairView["near"]): PairView["near"] =>
    seen && seen.ids.length >= cornersNeeded ? seen : null;
  return { ...view, near: enough(view.near), far: enough(view.far) };
}

function requireSense(input: PairInput, view: PairView): PairView {
  const board = input.boards.find(({ id }) => id === view.boardId);
  if (board === undefined) throw senseless(view, `its board "${view.boardId}" is not among the boards`);
  if (input.stops[view.stop] === undefined) throw senseless(view, `there is no stop number ${view.stop}`);
  for (const arm of ["near", "far"] as const) {
    const seen = view[arm];
    if (seen === null) continue;
    if (seen.ids.some((id) => board.cornersMm[id] === undefined))
      throw senseless(view, `${arm} saw a corner that ${board.id} does not have`);
    const [width, height] = input.imageSizePx[arm];
    const outside = seen.pointsPx.some((at, i) => !(at >= -1 && at <= (i % 2 === 0 ? width : height)));
    if (outside) throw otherSize(view, arm, width, height);
  }
  return view;
}

function senseless(view: PairView, why: string): CallerError {
  return new CallerError("USAGE", `View ${view.name} makes no sense: ${why}.`, {
    advice: "Give the board that was detected, and stops that exist.",
  });
}

function otherSize(view: PairView, arm: string, width: number, height: number): CallerError {
  return new CallerError(
    "CALIBRATION_REFUSED",
    `View ${view.name}: ${arm} has corners outside its image of ${width} × ${height} px.`,
    { advice: "All images of an arm must have one size: leave out those that were cropped or scaled." },
  );
}

function tooFewViews({ stops }: PairInput, joint: readonly number[]): CallerError {
  const counts = stops.map(({ distanceMm }, stop) => `${joint[stop]} at ${distanceMm} mm`).join(", ");
  return new CallerError(
    "CALIBRATION_REFUSED",
    `No stop has ${jointViewsNeeded} views that both arms saw: ${counts || "there are none"}.`,
    { advice: "Hold the board so that both cameras see most of it; 15 views a stop are a good number." },
  );
}
