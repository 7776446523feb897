/** Sharpness and best focus of both arms at one stop, on the rig. */
import { arms, type PerArm, perArm } from "../../capture/rig.js";
import { transform } from "../../geometry/rigid.js";
import type { Vector3 } from "../../geometry/vector.js";
import { type ImagePlane, planeOf } from "../../imaging/image-plane.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { Vision } from "../../native/vision.js";
import { detectInImage } from "../geometry/observations/detect-boards.js";
import type { KnownBoard, SeenBoard } from "../geometry/observations/seen-board.js";
import { pxPerMmOf } from "../geometry/pair/board-scale.js";
import { exposeFor } from "../rig/exposures.js";
import { shootImages } from "../rig/shoot-mean.js";
import type { RigShooter } from "../rig/shooter.js";
import { bestFocus, type DepthSharpness } from "./best-focus.js";
import { boardEdges, type EdgeSharpness, medianMtf50, sharpnessOfEdges } from "./board-edges.js";
import { boardPose } from "./board-pose.js";

/** What a board in the eye plane and tilted there told of one arm. */
export interface ArmSharpness {
  /** Along x and y, cycles per px, in the image's middle, the board in the eye plane. */
  readonly mtf50: readonly [number, number];
  /** In the eye plane. */
  readonly pxPerMm: number;
  /** Depth of best focus towards the cameras from the eye plane, mm; null: not bracketed. */
  readonly bestFocusMm: number | null;
}

export interface SharpnessSetting {
  readonly board: KnownBoard;
  readonly vision: Vision;
  /** From each camera's entrance pupil to the eye plane. */
  readonly eyePlaneMm: PerArm<number>;
  /** At which a white sheet does not saturate. */
  readonly exposureUs: PerArm<number>;
  readonly signal?: AbortSignal;
}

/** Edges along the pixels show one phase of the sampling only: everything is turned in its plane. */
const slantDeg = 6;
const tiltDeg = 38;

/** The first view stands in the eye plane and gives scale and sharpness, the tilted ones reach before and behind it. */
const views: readonly { readonly rotationDeg: Vector3; readonly text: string }[] = [
  {
    rotationDeg: [0, 0, slantDeg],
    text: `Hold the board upright in the eye plane, facing the cameras, turned clockwise by about ${slantDeg}°.`,
  },
  {
    rotationDeg: [0, tiltDeg, slantDeg],
    text: `Leave its middle in the eye plane and swing its right edge towards the cameras, about ${tiltDeg}°.`,
  },
  {
    rotationDeg: [tiltDeg, 0, slantDeg],
    text: `Leave its middle in the eye plane and tip its top edge towards the cameras, about ${tiltDeg}°.`,
  },
];

/** @returns null for an arm that did not see the board in the eye plane. */
export async function measureSharpness(
  shooter: RigShooter,
  setting: SharpnessSetting,
): Promise<PerArm<ArmSharpness | null>> {
  const { board, eyePlaneMm, exposureUs, signal } = setting;
  await exposeFor(shooter, exposureUs);
  const seen = perArm((): ViewOfBoard[] => []);
  for (const { rotationDeg, text } of views) {
    const pose = { translationMm: [0, 0, eyePlaneMm.far] as const, rotationDeg };
    await shooter.guide.show({ show: { target: board.id }, pose, text }, signal);
    const images = await shootImages(shooter, signal);
    for (const arm of arms) {
      const view = await viewOf(images[arm], setting);
      // Without the first view there is no scale that the others could be read by.
      if (view !== null && (seen[arm].length > 0 || rotationDeg === views[0]?.rotationDeg))
        seen[arm].push(view);
    }
  }
  return perArm((arm) => armSharpness(seen[arm], board, eyePlaneMm[arm]));
}

interface ViewOfBoard {
  readonly seen: SeenBoard;
  readonly edges: readonly EdgeSharpness[];
  readonly size: Pick<ImagePlane, "widthPx" | "heightPx">;
}

async function viewOf(
  image: LinearImage,
  { board, vision, signal }: SharpnessSetting,
): Promise<ViewOfBoard | null> {
  const plane = planeOf(image, "green");
  const options = signal === undefined ? { vision } : { vision, signal };
  const [seen] = (await detectInImage("view", plane, [board], options)).boards;
  if (seen === undefined || seen.mirrored === true) return null;
  return { seen, edges: sharpnessOfEdges(plane, boardEdges(board.board, seen)), size: plane };
}

function armSharpness(
  views: readonly ViewOfBoard[],
  { cornersMm }: KnownBoard,
  eyePlaneMm: number,
): ArmSharpness | null {
  const [frontal] = views;
  if (frontal === undefined) return null;
  const mtf50 = medianMtf50(frontal.edges, frontal.size);
  const pxPerMm = pxPerMmOf(frontal.seen, cornersMm);
  if (mtf50 === null || pxPerMm === null) return null;
  // The board in the eye plane tells the focal length well enough to read depths near that plane.
  const focalPx = pxPerMm * eyePlaneMm;
  const depths = views.flatMap((view) => depthsOf(view, cornersMm, focalPx));
  const focus = bestFocus(depths);
  return { mtf50, pxPerMm, bestFocusMm: focus === null ? null : eyePlaneMm - focus.depthMm };
}

function depthsOf(
  { seen, edges, size }: ViewOfBoard,
  cornersMm: readonly Vector3[],
  focalPx: number,
): DepthSharpness[] {
  const pose = boardPose(seen, cornersMm, focalPx, [size.widthPx, size.heightPx]);
  if (pose === null) return [];
  const depthOf = (corner: number): number => transform(pose, cornersMm[corner] as Vector3)[2];
  return edges.map(({ corners: [a, b], mtf50 }) => ({ depthMm: (depthOf(a) + depthOf(b)) / 2, mtf50 }));
}
