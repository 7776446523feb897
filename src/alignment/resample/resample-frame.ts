/** One frame to one canonical image, and what the record keeps of how it was made. */
import type { CanonicalPair } from "../../geometry/canonical-pair.js";
import type { Rigid } from "../../geometry/rigid.js";
import type { Aligner, AlignerOptions } from "../../native/aligner.js";
import type { FrameMap, FrameSource, Resampled } from "../../native/resample.js";
import type { Resampling } from "../../schema/alignment.js";
import type { ArmName } from "../../schema/records.js";
import { canonicalWhite } from "./canonical-white.js";
import type { FrameLight } from "./color-of.js";
import { frameMapOf, type PlacedCamera } from "./frame-map.js";

export interface FrameToResample {
  readonly source: FrameSource;
  /** By geometry, or by the homography (row-major; upright frame px of canonical px) of an approximate pair. */
  readonly placing:
    | { readonly canonical: CanonicalPair; readonly arm: ArmName; readonly camera: PlacedCamera }
    | { readonly sizePx: number; readonly homography: readonly number[] };
  readonly light: FrameLight;
}

export interface ResampledFrame {
  readonly image: Resampled;
  readonly resampling: Resampling;
}

/** @throws what {@link Aligner.resample} throws. */
export async function resampleFrame(
  aligner: Pick<Aligner, "resample">,
  { source, placing, light }: FrameToResample,
  options: AlignerOptions = {},
): Promise<ResampledFrame> {
  const hasColor = source.samplesPerPixel === 3 || source.cfa !== null;
  const color = hasColor ? light.color : [];
  const sizePx = "canonical" in placing ? placing.canonical.sizePx : placing.sizePx;
  const image = await aligner.resample(
    {
      source,
      map: mapOf(placing),
      widthPx: sizePx,
      heightPx: sizePx,
      flat: light.flat,
      dark: light.dark,
      color: color.map(({ rows }) => rows),
      white: canonicalWhite,
    },
    options,
  );
  return {
    image,
    resampling: {
      mount: source.mount,
      ...geometryOf(placing),
      color,
      white: canonicalWhite,
      flatField: light.flat !== null,
      sourcePxPerPx: image.sourcePxPerPx,
      validShare: image.validPx / (image.widthPx * image.heightPx),
      clippedPx: image.clippedPx,
    },
  };
}

function mapOf(placing: FrameToResample["placing"]): FrameMap {
  return "canonical" in placing
    ? frameMapOf(placing.canonical, placing.arm, placing.camera)
    : { kind: "homography", homography: placing.homography };
}

function geometryOf(
  placing: FrameToResample["placing"],
): Pick<Resampling, "intrinsics" | "T_camera_rig" | "homography"> {
  if (!("canonical" in placing)) {
    return { intrinsics: null, T_camera_rig: null, homography: rowsOf(placing.homography) };
  }
  const { intrinsics, T_camera_rig } = placing.camera;
  return { intrinsics: [...intrinsics], T_camera_rig: rigidCopy(T_camera_rig), homography: null };
}

function rigidCopy({ rotation, translationMm }: Rigid): NonNullable<Resampling["T_camera_rig"]> {
  return { rotation: [...rotation], translationMm: [...translationMm] };
}

function rowsOf(matrix: readonly number[]): NonNullable<Resampling["homography"]> {
  const row = (i: number): [number, number, number] => {
    const [a = 0, b = 0, c = 0] = matrix.slice(3 * i, 3 * i + 3);
    return [a, b, c];
  };
  return [row(0), row(1), row(2)];
}
