/** Shots for checks of a calibrated pair. */
import type { Vision } from "../../native/vision.js";
import type { RigConfig } from "../../schema/rig-config.js";
import type { JointSighting } from "../geometry/check/calibrated-stop.js";
import type { KnownBoard, SeenBoard } from "../geometry/observations/seen-board.js";
import { averagedBoards } from "./average-boards.js";
import { collectViews } from "./collect-views.js";
import type { PlanBoards } from "./plan-boards.js";
import { posePlan } from "./pose-plan.js";
import { farDistanceOf } from "./rig-field.js";
import type { RigShooter } from "./shooter.js";
import { type BoardsInShot, sightBoards } from "./sight-board.js";

export interface CheckViewOptions {
  readonly vision: Vision;
  readonly signal?: AbortSignal;
  /** Sentences about views that were not good enough. */
  readonly onComplaint?: (sentence: string) => void;
}

/** One in the eye plane and three tilted: a minute of a person's time. */
const checkPoses = 4;
/** The phantom stands still: what is left after averaging is the calibration's error, not the corners' noise. */
const phantomShots = 4;

/** A few views of a board at one stop. */
export async function shootCheckViews(
  shooter: RigShooter,
  distanceMm: number,
  { boards, boardAt }: PlanBoards,
  { vision, signal, onComplaint }: CheckViewOptions,
): Promise<JointSighting[]> {
  const stops = posePlan(shooter.config, { stopsMm: [distanceMm], views: checkPoses, boardAt });
  const views = await collectViews(shooter, stops, {
    vision,
    boards,
    onProgress: ({ complaint }) => {
      if (complaint !== null) onComplaint?.(complaint);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  return views.flatMap(({ boardId, near, far }) => jointSightings(boards, boardId, near, far));
}

/**
 * Shoots on and on while somebody turns knobs; the board is shown once and stays.
 * @yields the boards that both arms saw in each shot; none when they did not.
 */
export async function* watchBoard(
  shooter: RigShooter,
  distanceMm: number,
  { boards, boardAt }: PlanBoards,
  { vision, signal }: CheckViewOptions,
): AsyncGenerator<JointSighting[]> {
  const { id } = boardAt(distanceMm);
  await shooter.moveTo(distanceMm, signal);
  const text = `Stand board ${id} in the eye plane, turned by about 20° and leant against something.`;
  const pose = { ...inEyePlane(shooter.config), rotationDeg: [14, 14, 0] } as const;
  await shooter.guide.show({ show: { target: id }, pose, text }, signal);
  const known = boards.filter((board) => board.id === id);
  for (;;) {
    const { near, far } = await sightBoards(shooter, vision, known, signal);
    yield jointSightings(boards, id, near[0] ?? null, far[0] ?? null);
  }
}

/** The depth phantom at one stop, its middle plane in the eye plane. */
export async function shootPhantom(
  shooter: RigShooter,
  distanceMm: number,
  phantom: { readonly id: string; readonly boards: readonly KnownBoard[] },
  { vision, signal }: CheckViewOptions,
): Promise<{ readonly near: readonly SeenBoard[]; readonly far: readonly SeenBoard[] }> {
  await shooter.moveTo(distanceMm, signal);
  const text = `Stand the ${phantom.id} where the face will be, its middle boards in the eye plane, facing the cameras.`;
  const pose = inEyePlane(shooter.config);
  await shooter.guide.show({ show: { target: phantom.id }, pose, text }, signal);
  const looks: BoardsInShot[] = [];
  while (looks.length < phantomShots) {
    looks.push(await sightBoards(shooter, vision, phantom.boards, signal));
  }
  return {
    near: averagedBoards(looks.map(({ near }) => near)),
    far: averagedBoards(looks.map(({ far }) => far)),
  };
}

function inEyePlane(config: RigConfig) {
  return { translationMm: [0, 0, farDistanceOf(config)], rotationDeg: [0, 0, 0] } as const;
}

function jointSightings(
  boards: readonly KnownBoard[],
  boardId: string,
  near: SeenBoard | null,
  far: SeenBoard | null,
): JointSighting[] {
  const board = boards.find(({ id }) => id === boardId);
  return board === undefined || near === null || far === null ? [] : [{ board, near, far }];
}
