/** Faces whose mesh is the generic head's, placed and turned as a test says: what the networks would find, exactly. */
import { type CanonicalFace, canonicalFaceOf, headViewOf } from "../../src/alignment/face/aligned-faces.js";
import { type HeadView, meanPoint, pixelOfHead } from "../../src/alignment/face/head-pose.js";
import { meanMesh, meanPupilDistanceMm } from "../../src/alignment/face/mean-head.js";
import { boxAround } from "../../src/faces/box.js";
import type { Eye, Face } from "../../src/faces/face.js";
import { landmarks68Of } from "../../src/faces/landmarks68.js";
import { meshPoints } from "../../src/faces/mesh.js";
import { type CanonicalPair, canonicalPair } from "../../src/geometry/canonical-pair.js";
import type { Matrix3 } from "../../src/geometry/rigid.js";
import type { Vector3 } from "../../src/geometry/vector.js";
import type { Resampled } from "../../src/native/resample.js";

export interface PosedFaceOptions {
  readonly yawDeg?: number;
  readonly pitchDeg?: number;
  readonly rollDeg?: number;
  /** mm per mm of the generic head. */
  readonly scale?: number;
  /** Of the eyes from the eye plane, towards the cameras. */
  readonly depthMm?: number;
  /** Of the eyes from the axis. */
  readonly offsetMm?: readonly [number, number];
  readonly eyeOpening?: number;
}

/** A rig without faults: eye plane 1600 mm from the far pupil, the near pupil at `distanceMm`. */
export function pairAt(distanceMm: number, sizePx = 1024): CanonicalPair {
  return canonicalPair({
    nearPupilMm: [1, -0.5, 1600 - distanceMm],
    farPupilMm: [0, 0, 0],
    aimMm: [0, 0, 1600],
    farXAxis: [1, 0, 0],
    sizePx,
  });
}

/** Ry(yaw) · Rx(pitch) · Rz(roll). */
export function turnOf({ yawDeg = 0, pitchDeg = 0, rollDeg = 0 }: PosedFaceOptions): Matrix3 {
  const [a, b, c] = [yawDeg, pitchDeg, rollDeg].map((deg) => (deg * Math.PI) / 180) as [
    number,
    number,
    number,
  ];
  const [ca, sa, cb, sb, cc, sc] = [a, b, c].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]) as [
    ...number[],
  ] as [number, number, number, number, number, number];
  return [
    [ca * cc + sa * sb * sc, -ca * sc + sa * sb * cc, sa * cb],
    [cb * sc, cb * cc, -sb],
    [-sa * cc + ca * sb * sc, sa * sc + ca * sb * cc, ca * cb],
  ];
}

/** Depth from the eye plane, mm, and pixel of a point of the generic head. */
export function seenPoint(view: HeadView, options: PosedFaceOptions, point: Vector3) {
  const { scale = 1, depthMm = 0, offsetMm = [0, 0] } = options;
  const nearer = 1 - depthMm / view.eyeDistanceMm;
  const { principalPx, pxPerMm } = view;
  const eyesPx = [
    principalPx[0] + (pxPerMm * offsetMm[0]) / nearer,
    principalPx[1] + (pxPerMm * offsetMm[1]) / nearer,
  ] as const;
  // Eyes off the plane look like a head of another size in it.
  const pose = { rotation: turnOf(options), scale: scale / nearer, eyesPx };
  const px = pixelOfHead({ ...pose, yawDeg: 0, pitchDeg: 0, rollDeg: 0, rmsPx: 0 }, view, point);
  if (px === null) throw new Error("the point is behind the camera");
  const h = -(
    point[0] * pose.rotation[2][0] +
    point[1] * pose.rotation[2][1] -
    point[2] * pose.rotation[2][2]
  );
  return { px, depthMm: depthMm + scale * h };
}

/** An image of which all is valid and nothing is known. */
export function blankImage(sizePx: number, value = 0): Resampled {
  return {
    widthPx: sizePx,
    heightPx: sizePx,
    channels: 3,
    samples: new Uint16Array(3 * sizePx * sizePx).fill(value),
    flags: new Uint8Array(sizePx * sizePx).fill(1),
    validPx: sizePx * sizePx,
    clippedPx: 0,
    sourcePxPerPx: 1,
  };
}

export function posedFace(
  pair: CanonicalPair,
  arm: "near" | "far",
  options: PosedFaceOptions,
  image: Resampled = blankImage(pair.sizePx),
): CanonicalFace {
  const view = headViewOf(pair, arm, image);
  const points468 = Float32Array.from(meanMesh);
  for (let i = 0; i < points468.length / 3; i++)
    points468.set(seenPoint(view, options, meanPoint(i)).px, 3 * i);
  const iris = [-1, 1].map((side) => seenPoint(view, options, [(side * meanPupilDistanceMm) / 2, 0, 0]).px);
  const [left, right] = iris as [readonly [number, number], readonly [number, number]];
  const eye = (): Eye => ({ iris: new Float32Array(10), contour: lids(options.eyeOpening ?? 0.35) });
  const face: Face = {
    score: 0.95,
    meshScore: 1,
    box: boxAround(meshPoints(points468)),
    points468,
    landmarks68: landmarks68Of(points468),
    eyes: [eye(), eye()],
    irisCentres: [
      { x: left[0], y: left[1] },
      { x: right[0], y: right[1] },
    ],
    angleRad: 0,
  };
  const found = canonicalFaceOf(face, view, image);
  if (found === null) throw new Error("the generic head does not fit itself");
  return found;
}

/** Lids of an eye 30 px wide: lower 0 to 8, upper 9 to 15, with a gap of `opening` widths. */
function lids(opening: number): Float32Array {
  const contour = new Float32Array(2 * 71);
  for (let i = 0; i <= 8; i++) contour.set([(30 * i) / 8, (opening * 30) / 2], 2 * i);
  for (let i = 9; i <= 15; i++) contour.set([(30 * (i - 8)) / 8, (-opening * 30) / 2], 2 * i);
  contour.set([0, 0], 0);
  contour.set([30, 0], 16);
  return contour;
}
