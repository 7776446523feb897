/** Corners that the detector finds in rendered frames, beside the truth's projections of the same corners. */
import type { Vision } from "../../src/native/vision.js";
import type { SceneTruth } from "../../src/schema/scene-truth.js";
import type { CharucoBoard } from "../../src/schema/target.js";
import { readTarget, targetsFolder } from "../../src/targets/read-targets.js";
import { repository } from "./cli.js";
import { channelOf, type TracedRig } from "./traced-rig.js";

export interface SeenCorner {
  readonly id: number;
  /** Detected, in the upright frame. */
  readonly x: number;
  readonly y: number;
  /** Detected minus projected. */
  readonly dx: number;
  readonly dy: number;
}

export interface CornerErrors {
  readonly count: number;
  readonly meanX: number;
  readonly meanY: number;
  /** Of the distances, px. */
  readonly rms: number;
}

async function charuco(id: string): Promise<CharucoBoard> {
  const target = await readTarget(targetsFolder(repository), id);
  if (target.kind !== "charuco") throw new Error(`${id} is no ChArUco board`);
  return target;
}

function projected(
  truth: SceneTruth,
  board: string,
  arm: "near" | "far",
  id: number,
): readonly [number, number] {
  const points = truth.pointSets.find(({ name }) => name === board)?.points;
  const px = points?.find((point) => point.id === id)?.[arm].px;
  if (px == null) throw new Error(`corner ${id} has no place in the ${arm} view`);
  return px;
}

/** Finds the board of the scene in one arm's frame, free of noise. */
export async function seenCorners(
  traced: TracedRig,
  vision: Vision,
  boardId: string,
  arm: "near" | "far",
): Promise<SeenCorner[]> {
  const signal = await traced.signal(arm);
  const { widthPx, heightPx } = signal;
  const finding = await vision.findBoard(
    { data: channelOf(signal, 1), widthPx, heightPx },
    await charuco(boardId),
  );
  const truth = await traced.truth();
  return Array.from(finding.ids, (id, index) => {
    const [x, y] = [finding.pointsPx[2 * index] as number, finding.pointsPx[2 * index + 1] as number];
    const [trueX, trueY] = projected(truth, boardId, arm, id);
    return { id, x, y, dx: x - trueX, dy: y - trueY };
  });
}

export function errorsOf(corners: readonly SeenCorner[]): CornerErrors {
  const count = corners.length;
  const mean = (value: (corner: SeenCorner) => number): number =>
    corners.reduce((sum, corner) => sum + value(corner), 0) / count;
  return {
    count,
    meanX: mean(({ dx }) => dx),
    meanY: mean(({ dy }) => dy),
    rms: Math.sqrt(mean(({ dx, dy }) => dx * dx + dy * dy)),
  };
}
