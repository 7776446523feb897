/** Whether boards were held at depths, angles and places enough. */
import { rotate, transform } from "../../../geometry/rigid.js";
import type { Vector3 } from "../../../geometry/vector.js";
import type { Gate } from "../../../schema/calibration-header.js";
import { gate } from "../../record/gate.js";
import type { SolvedPair, SolvedView } from "./solved-pair.js";

/** Cells along each side of the picture that corners should fall into. */
const cells = 6;

export function captureGates(solved: SolvedPair): Gate[] {
  const perStop = solved.stops.map(({ distanceMm }, stop) => {
    const joint = solved.views.filter((view) => view.stop === stop && view.near && view.far);
    return { distanceMm, joint };
  });
  const least = (of: (joint: readonly SolvedView[]) => number): { value: number; where: number } =>
    perStop
      .map(({ distanceMm, joint }) => ({ value: of(joint), where: distanceMm }))
      .reduce((worst, each) => (each.value < worst.value ? each : worst));
  const [depth, tilt] = [least((joint) => depthRangeMm(solved, joint)), least(tiltDeg)];
  const near = least((joint) => coverage(joint, "near", solved.imageSizePx.near));
  const far = coverage(solved.views, "far", solved.imageSizePx.far);
  return [
    gate({
      id: "depth-range",
      title: "Depth range of the boards that both saw, worst stop",
      value: depth.value,
      unit: "mm",
      better: "higher",
      warn: 80,
      fail: 40,
      advice: `At ${depth.where} mm boards stood within ${depth.value.toFixed(0)} mm of depth: hold some 70 mm before and some 70 mm behind the eye plane. A range of 30 mm makes the lateral offset four times less certain.`,
    }),
    gate({
      id: "tilt",
      title: "Greatest tilt of the boards that both saw, worst stop",
      value: tilt.value,
      unit: "°",
      better: "higher",
      warn: 25,
      fail: 12,
      advice: `At ${tilt.where} mm no board was tilted by more than ${tilt.value.toFixed(0)}°: tilt some by 30 to 40° to the left, right, up and down.`,
    }),
    gate({
      id: "coverage-near",
      title: "Share of the near picture that corners fell into, worst stop",
      value: near.value,
      unit: "%",
      better: "higher",
      warn: 60,
      fail: 35,
      advice: `At ${near.where} mm parts of the near picture saw no board: hold it in the corners too.`,
    }),
    gate({
      id: "coverage-far",
      title: "Share of the far picture that corners fell into",
      value: far,
      unit: "%",
      better: "higher",
      warn: 60,
      fail: 35,
      advice: "Parts of the far picture saw no board: hold it in the corners too.",
    }),
  ];
}

function depthRangeMm({ cornersMm }: SolvedPair, views: readonly SolvedView[]): number {
  const depths = views.map(
    ({ board, T_rig_board }) => transform(T_rig_board, middleOf(cornersMm[board] ?? []))[2],
  );
  return Math.max(...depths) - Math.min(...depths);
}

function middleOf(corners: readonly Vector3[]): Vector3 {
  const mean = (k: 0 | 1 | 2): number => corners.reduce((sum, corner) => sum + corner[k], 0) / corners.length;
  return [mean(0), mean(1), mean(2)];
}

function tiltDeg(views: readonly SolvedView[]): number {
  const tilts = views.map(({ T_rig_board }) =>
    Math.acos(Math.min(1, rotate(T_rig_board.rotation, [0, 0, 1])[2])),
  );
  return (Math.max(...tilts) * 180) / Math.PI;
}

/** Per cent of the cells. */
function coverage(
  views: readonly SolvedView[],
  arm: "near" | "far",
  [width, height]: readonly [number, number],
): number {
  const hit = new Set<number>();
  for (const view of views) {
    const seen = view[arm];
    for (let i = 0; seen && i < seen.ids.length; i++) {
      const column = cellOf((seen.pointsPx[2 * i] as number) / width);
      const row = cellOf((seen.pointsPx[2 * i + 1] as number) / height);
      hit.add(row * cells + column);
    }
  }
  return (100 * hit.size) / cells ** 2;
}

/** @param share of the picture's side; pixels at its very edge may lie a little outside. */
function cellOf(share: number): number {
  return Math.min(cells - 1, Math.max(0, Math.floor(share * cells)));
}
