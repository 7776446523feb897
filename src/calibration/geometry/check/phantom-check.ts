/** The depth phantom: what flow is wrong by at the depths of nose, eyes and ears, on any rig, at any stop. */
import { WorldError } from "../../../base/errors.js";
import { transform } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { gate } from "../../record/gate.js";
import type { KnownBoard, SeenBoard } from "../observations/seen-board.js";
import type { SeenCorners } from "../pair/board-pose.js";
import { type CheckedPair, calibratedStop } from "./calibrated-stop.js";
import { type FlowError, type FlowSummary, flowErrors, summaryOf } from "./seen-flow.js";

export interface PhantomDepth extends FlowSummary {
  /** Of the boards over the phantom's middle plane, towards the cameras, mm. */
  readonly heightMm: number;
  readonly boardIds: readonly string[];
}

export interface PhantomCheck {
  readonly distanceMm: number;
  /** Nearest to the cameras first. */
  readonly depths: readonly PhantomDepth[];
  readonly gates: readonly Gate[];
}

/** A third of a px at the ear is what a reviewer lets pass. */
const failPx = 0.3;
const warnPx = 0.2;
/** Boards whose middle planes differ by less are at one depth. */
const sameDepthMm = 1;

/**
 * @param boards the phantom's, each with its place in it.
 * @throws CallerError USAGE at a stop that was not calibrated; WorldError CALIBRATION_FAILED when too little of the
 * phantom was seen by both arms.
 */
export function phantomCheck(
  record: CheckedPair,
  distanceMm: number,
  boards: readonly KnownBoard[],
  seen: { readonly near: readonly SeenBoard[]; readonly far: readonly SeenBoard[] },
): PhantomCheck {
  const stop = calibratedStop(record, distanceMm);
  const whole = wholePhantom(boards);
  const errors = flowErrors(stop, inPhantom(whole, seen.near), inPhantom(whole, seen.far), whole.cornersMm);
  const depths = depthsOf(boards).flatMap(({ heightMm, ids }): PhantomDepth[] => {
    const here = errors.filter(({ id }) => ids.includes(whole.boardOf[id] as string));
    const summary = summaryOf(here);
    return summary ? [{ heightMm, boardIds: ids, ...summary }] : [];
  });
  if (depths.length < 2) throw tooLittle(distanceMm, errors);
  return { distanceMm, depths, gates: depths.map((depth) => depthGate(depth, distanceMm)) };
}

/** All boards' corners as those of one board. */
interface WholePhantom {
  readonly cornersMm: readonly Vector3[];
  readonly firstId: ReadonlyMap<string, number>;
  /** Board of each corner. */
  readonly boardOf: readonly string[];
}

function wholePhantom(boards: readonly KnownBoard[]): WholePhantom {
  const cornersMm: Vector3[] = [];
  const boardOf: string[] = [];
  const firstId = new Map<string, number>();
  for (const board of boards) {
    firstId.set(board.id, cornersMm.length);
    for (const corner of board.cornersMm) {
      cornersMm.push(transform(board.T_target_board, corner));
      boardOf.push(board.id);
    }
  }
  return { cornersMm, firstId, boardOf };
}

function inPhantom({ firstId }: WholePhantom, seen: readonly SeenBoard[]): SeenCorners {
  const known = seen.filter(({ boardId }) => firstId.has(boardId));
  return {
    ids: known.flatMap(({ boardId, ids }) => Array.from(ids, (id) => id + (firstId.get(boardId) as number))),
    pointsPx: known.flatMap(({ pointsPx }) => [...pointsPx]),
  };
}

function depthsOf(boards: readonly KnownBoard[]): { heightMm: number; ids: string[] }[] {
  const depths: { heightMm: number; ids: string[] }[] = [];
  for (const { id, T_target_board } of boards) {
    const heightMm = 0 - T_target_board.translationMm[2];
    const same = depths.find((depth) => Math.abs(depth.heightMm - heightMm) < sameDepthMm);
    if (same) same.ids.push(id);
    else depths.push({ heightMm, ids: [id] });
  }
  return depths.sort((a, b) => b.heightMm - a.heightMm);
}

function depthGate({ heightMm, rmsPx }: PhantomDepth, distanceMm: number): Gate {
  const depth = `${heightMm > 0 ? "plus" : heightMm < 0 ? "minus" : "at"}-${Math.abs(Math.round(heightMm))}`;
  return gate({
    id: `phantom-${Math.round(distanceMm)}-${depth}`,
    title: `Flow error of the phantom at ${distanceMm} mm, ${Math.round(heightMm)} mm before the eye plane`,
    value: rmsPx,
    unit: "px",
    warn: warnPx,
    fail: failPx,
    advice: "Calibrate the pair anew; if the phantom fails again, measure the depths of its boards.",
  });
}

function tooLittle(distanceMm: number, errors: readonly FlowError[]): WorldError {
  return new WorldError(
    "CALIBRATION_FAILED",
    `At ${distanceMm} mm both cameras saw only ${errors.length} corners of the phantom, not on boards at two depths.`,
    { advice: "Stand the phantom in the middle of both pictures, its middle plane where the eyes will be." },
  );
}
