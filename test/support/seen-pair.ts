/** What both arms of the virtual rig see of boards at many poses, exactly; noise is drawn anew for every use. */
import type { z } from "zod";
import { boardsOfTarget } from "../../src/calibration/geometry/observations/known-boards.js";
import type { KnownBoard, SeenBoard } from "../../src/calibration/geometry/observations/seen-board.js";
import type { PairInput, PairView } from "../../src/calibration/geometry/pair/pair-input.js";
import { multiplyQuaternions, quaternionOfVector, vectorOfQuaternion } from "../../src/geometry/rigid.js";
import type { Vector3 } from "../../src/geometry/vector.js";
import type { PointViewTruth, SceneTruth } from "../../src/schema/scene-truth.js";
import type { virtualOpticsSchema } from "../../src/schema/virtual-optics.js";
import { readTarget, targetsFolder } from "../../src/targets/read-targets.js";
import { repository } from "./cli.js";
import { seededNormal } from "./noise.js";
import { SeededRandom } from "./seeded-random.js";
import { TracedRig } from "./traced-rig.js";

export interface SeenPairOptions {
  readonly optics?: z.input<typeof virtualOpticsSchema>;
  /** Visited in this order. */
  readonly stopsMm: readonly number[];
  readonly viewsPerStop: number;
  /** Share of the views that hold the board in the eye plane; a sixth unless given. */
  readonly eyePlaneShare?: number;
  /** Greatest distance of the board from the eye plane; 70 unless given. */
  readonly depthMm?: number;
  /** Greatest tilt of the board; 40 unless given. */
  readonly tiltDeg?: number;
  /** Turn of the plate about the rig's axes since calibration, as if bumped. */
  readonly plateBumpDeg?: [number, number];
  readonly seed: number;
}

/** A corner as it is and as both arms image it. */
export interface TruePoint {
  readonly id: number;
  readonly positionMm: Vector3;
  readonly near: readonly [number, number];
  readonly far: readonly [number, number];
}

interface TrueView extends Omit<PairView, "near" | "far"> {
  readonly truth: SceneTruth;
  readonly near: SeenBoard;
  readonly far: SeenBoard;
}

/** Poses as an operator holds boards, and rigs that show them. Has to be stopped. */
export class SeenPair {
  readonly views: readonly TrueView[];
  readonly boards: readonly KnownBoard[];
  readonly #traced: TracedRig;
  readonly #options: SeenPairOptions;

  private constructor(traced: TracedRig, options: SeenPairOptions, boards: KnownBoard[], views: TrueView[]) {
    this.#traced = traced;
    this.#options = options;
    this.boards = boards;
    this.views = views;
  }

  static async start(options: SeenPairOptions): Promise<SeenPair> {
    const { optics, plateBumpDeg = [0, 0] } = options;
    const light = { kind: "even" } as const;
    const scene = {
      scene: "target",
      target: boardAt(options.stopsMm[0] as number),
      light,
      plateBumpDeg,
    } as const;
    const traced = await TracedRig.start({ ...(optics && { optics }), scene, ictFaceKit: null });
    const boards = await Promise.all([...new Set(options.stopsMm.map(boardAt))].map(readBoard));
    const views: TrueView[] = [];
    for (const plan of plannedViews(options)) {
      const { stop, boardId, pose } = plan;
      await traced.scene({ target: boardId, targetPose: pose }, options.stopsMm[stop] as number);
      const truth = await traced.truth();
      const { name, role } = plan;
      const arms = { near: seenBoard(truth, boardId, "near"), far: seenBoard(truth, boardId, "far") };
      views.push({ name, stop, role, boardId, truth, ...arms });
    }
    return new SeenPair(traced, options, boards, views);
  }

  /** The input of a calibration with normal noise on every coordinate. */
  input(sigmaPx: number, seed: number): PairInput {
    const noisy = withNoise(sigmaPx, seed);
    const { near, far } = (this.views[0] as TrueView).truth.arms;
    return {
      stops: this.#options.stopsMm.map((distanceMm) => ({ distanceMm })),
      boards: this.boards,
      imageSizePx: { near: near.imageSize, far: far.imageSize },
      farDistanceMm: 1600,
      views: this.views.map(({ truth: _, ...view }) => ({
        ...view,
        near: noisy(view.near),
        far: noisy(view.far),
      })),
    };
  }

  /** Points of a board that stands square to the rig, as both arms see them. */
  async pointsAt(
    distanceMm: number,
    target: string,
    translationMm: Vector3,
  ): Promise<{ readonly truth: SceneTruth; readonly points: readonly TruePoint[] }> {
    const [x, y, z] = translationMm;
    const truth = await this.seenAt(distanceMm, target, { translationMm: [x, y, z], rotationDeg: [0, 0, 0] });
    return { truth, points: truth.pointSets.flatMap(({ name }) => pointsOf(truth, name)) };
  }

  /** What stands before the rig at a pose of one's own, as both arms see it; exact. */
  async seenAt(
    distanceMm: number,
    target: string,
    targetPose: { translationMm: [number, number, number]; rotationDeg: [number, number, number] },
  ): Promise<SceneTruth> {
    await this.#traced.scene({ target, targetPose }, distanceMm);
    return this.#traced.truth();
  }

  stop(): Promise<void> {
    return this.#traced.stop();
  }
}

/** Corners that both arms see. */
export function pointsOf(truth: SceneTruth, name: string): TruePoint[] {
  const points = truth.pointSets.find((set) => set.name === name)?.points ?? [];
  return points.flatMap(({ id, near, far }) =>
    near.visible && far.visible && near.px && far.px
      ? [{ id, positionMm: near.positionMm, near: near.px, far: far.px }]
      : [],
  );
}

/** Adds normal noise to every coordinate. */
export function withNoise(sigmaPx: number, seed: number): (seen: SeenBoard) => SeenBoard {
  const normal = seededNormal(seed);
  return (seen) => ({ ...seen, pointsPx: seen.pointsPx.map((at) => at + sigmaPx * normal()) });
}

/** The exact corners that one arm sees. */
export function seenBoard(truth: SceneTruth, boardId: string, arm: "near" | "far"): SeenBoard {
  const points = truth.pointSets.find(({ name }) => name === boardId)?.points ?? [];
  const seen = points.filter((point) => point[arm].visible && point[arm].px !== null);
  return {
    boardId,
    ids: Int32Array.from(seen, ({ id }) => id),
    pointsPx: Float64Array.from(
      seen.flatMap((point) => [...((point[arm] as PointViewTruth).px as number[])]),
    ),
    sigmaPx: null,
    mirrored: null,
  };
}

/** Near the rail's end only a small board fits into the picture. */
function boardAt(distanceMm: number): string {
  return distanceMm < 300 ? "charuco-small" : "charuco-a4";
}

async function readBoard(id: string): Promise<KnownBoard> {
  return boardsOfTarget(await readTarget(targetsFolder(repository), id))[0] as KnownBoard;
}

interface PlannedView {
  readonly name: string;
  readonly stop: number;
  readonly role: "eye-plane" | "pose";
  readonly boardId: string;
  readonly pose: { translationMm: [number, number, number]; rotationDeg: [number, number, number] };
}

function plannedViews(options: SeenPairOptions): PlannedView[] {
  const { stopsMm, viewsPerStop, eyePlaneShare = 1 / 6, seed } = options;
  const random = new SeededRandom(seed);
  const eyePlaneViews = Math.max(1, Math.round(viewsPerStop * eyePlaneShare));
  return stopsMm.flatMap((distanceMm, stop) =>
    Array.from({ length: viewsPerStop }, (_, i) => {
      const role = i < eyePlaneViews ? "eye-plane" : "pose";
      const pose = role === "eye-plane" ? heldInEyePlane(random) : heldAnyhow(random, options);
      return { name: `${distanceMm}-${i}`, stop, role, boardId: boardAt(distanceMm), pose } as const;
    }),
  );
}

/** A hand's breadth off the middle at most, turned in its plane. */
function heldInEyePlane(random: SeededRandom): PlannedView["pose"] {
  const aside = (): number => random.between(-15, 15);
  const turnDeg = 90 * random.whole(-1, 2) + random.between(-5, 5);
  return { translationMm: [aside(), aside(), 1600], rotationDeg: [0, 0, turnDeg] };
}

function heldAnyhow(
  random: SeededRandom,
  { depthMm = 70, tiltDeg = 40 }: SeenPairOptions,
): PlannedView["pose"] {
  const direction = random.between(0, 2 * Math.PI);
  // As many at strong tilts as at weak ones.
  const tilt = random.between(0, tiltDeg);
  const [x, y, z] = turned(
    [tilt * Math.cos(direction), tilt * Math.sin(direction)],
    90 * random.whole(-1, 2) + random.between(-20, 20),
  );
  const aside = (): number => random.between(-40, 40);
  return {
    translationMm: [aside(), aside(), 1600 + random.between(-depthMm, depthMm)],
    rotationDeg: [x, y, z],
  };
}

/** A turn in the board's plane, then a tilt about an axis across the view, as one rotation vector; degrees. */
function turned([tiltX, tiltY]: readonly [number, number], turnDeg: number): [number, number, number] {
  const rad = Math.PI / 180;
  const tilt = quaternionOfVector([tiltX * rad, tiltY * rad, 0]);
  const turn = quaternionOfVector([0, 0, turnDeg * rad]);
  const [x, y, z] = vectorOfQuaternion(multiplyQuaternions(tilt, turn));
  return [x / rad, y / rad, z / rad];
}
