/** Where the truth has what each pixel of an aligned pair shows: the way leads over the captured frames' pixels. */
import { CallerError } from "../../base/errors.js";
import type { Pixel } from "../../geometry/brown-camera.js";
import { rotate } from "../../geometry/rigid.js";
import { add, type Vector3 } from "../../geometry/vector.js";
import type { CanonicalTruth } from "../../schema/scene-truth.js";
import type { TruthArray } from "../../schema/truth-array.js";
import { nearestValue, onSurface } from "./between-pixels.js";
import type { CanonicalCamera } from "./canonical-camera.js";
import type { SceneTruthFolder, TruthImage } from "./truth-folder.js";
import { TruthMap } from "./truth-map.js";

export type Arm = "near" | "far";
export const otherArm = (arm: Arm): Arm => (arm === "near" ? "far" : "near");

/** What one canonical pixel of an aligned pair shows. */
export interface TruePlace {
  /** Where it lies in the other canonical image of the pair; null where the truth's other view has no surface. */
  readonly other: Pixel | null;
  /** The other pupil sees it. */
  readonly visible: boolean;
  /** In the truth's rig frame, at this arm's instant and at the other's; null where that view has no surface. */
  readonly pointMm: Vector3;
  readonly otherPointMm: Vector3 | null;
}

interface View {
  readonly map: TruthMap;
  readonly flow: TruthImage<Float32Array>;
  readonly depth: TruthImage<Float32Array>;
  readonly visible: TruthImage<Uint8Array>;
}

export class TruePlaces {
  readonly #canonical: CanonicalTruth;
  readonly #views: Readonly<Record<Arm, View>>;
  readonly #cameras: Readonly<Record<Arm, CanonicalCamera>>;

  /** @throws CallerError NOT_FOUND when the truth lacks arrays that this needs. */
  constructor(folder: SceneTruthFolder, cameras: Readonly<Record<Arm, CanonicalCamera>>) {
    const { truth } = folder;
    this.#canonical = truth.canonical;
    this.#cameras = cameras;
    this.#views = {
      near: {
        map: new TruthMap(required(folder, "canonicalToNear")),
        flow: required(folder, "nearToFar"),
        depth: required(folder, "canonicalNearDepth"),
        visible: required(folder, "nearVisible"),
      },
      far: {
        map: new TruthMap(required(folder, "canonicalToFar")),
        flow: required(folder, "farToNear"),
        depth: required(folder, "canonicalFarDepth"),
        visible: required(folder, "farVisible"),
      },
    };
  }

  /** Of a canonical pixel of the aligned pair; null where it shows no surface. */
  at(arm: Arm, pixel: Pixel): TruePlace | null {
    const view = this.#views[arm];
    const frame = this.#cameras[arm].frameOf(pixel);
    const place = frame && view.map.canonicalOf(frame);
    if (place === null) return null;
    const seen = this.seenAt(arm, place);
    if (seen === null) return null;
    const { frame: otherFrame, ...rest } = seen;
    const other = otherFrame && this.#cameras[otherArm(arm)].canonicalOf(otherFrame);
    return { other, ...rest };
  }

  /** Of a canonical pixel of the *truth*: pixel of the other captured frame, and the rest. */
  seenAt(arm: Arm, place: Pixel): (Omit<TruePlace, "other"> & { readonly frame: Pixel | null }) | null {
    const { flow, depth, visible } = this.#views[arm];
    const depthMm = onSurface(depth, depth, place);
    const [dx, dy] = [onSurface(flow, depth, place, 0), onSurface(flow, depth, place, 1)];
    if (Number.isNaN(depthMm) || Number.isNaN(dx)) return null;
    const led: Pixel = [place[0] + dx, place[1] + dy];
    const other = this.#views[otherArm(arm)];
    const otherDepthMm = onSurface(other.depth, other.depth, led);
    return {
      frame: other.map.frameOf(led),
      visible: nearestValue(visible, place) === 1,
      pointMm: this.#pointAt(arm, place, depthMm),
      otherPointMm: Number.isNaN(otherDepthMm) ? null : this.#pointAt(otherArm(arm), led, otherDepthMm),
    };
  }

  /** Pixel of the captured frame at a canonical pixel of the *truth*. */
  frameOf(arm: Arm, place: Pixel): Pixel | null {
    return this.#views[arm].map.frameOf(place);
  }

  /** @param depthMm from the pupil along the canonical axis. */
  #pointAt(arm: Arm, [u, v]: Pixel, depthMm: number): Vector3 {
    const { epipolePx, R_rig_canonical, [arm]: view } = this.#canonical;
    const lateral = (value: number, axis: 0 | 1): number =>
      ((value - epipolePx[axis]) * depthMm) / view.focalPx;
    return add(view.pupilMm, rotate(R_rig_canonical, [lateral(u, 0), lateral(v, 1), depthMm]));
  }
}

function required<Name extends TruthArray>(
  { truth, arrays }: SceneTruthFolder,
  name: Name,
): NonNullable<SceneTruthFolder["arrays"][Name]> {
  const image = arrays[name];
  if (image !== undefined) return image as NonNullable<SceneTruthFolder["arrays"][Name]>;
  throw new CallerError(
    "NOT_FOUND",
    `The truth has no ${name}: it holds ${truth.arrays.join(", ") || "no arrays"}.`,
    {
      advice:
        "Capture on the virtual rig with `--truth all`, or write all arrays with `nearfar rig truth --out`.",
    },
  );
}
