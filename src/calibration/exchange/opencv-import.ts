/** Cameras from OpenCV's FileStorage: YAML or JSON, its own programs' spellings and ROS's. */
import { parse } from "yaml";
import { WorldError } from "../../base/errors.js";
import type { Intrinsics } from "../../geometry/brown-camera.js";
import type { PlainCamera } from "./plain-camera.js";

/** Members by their names in lower case without underscores: `cameraMatrix`, `camera_matrix`, `Camera_Matrix`. */
type Members = ReadonlyMap<string, unknown>;

/** Names of the distortion that has five terms or fewer of ours. */
const ownDistortions = new Set(["plumbbob", "radtan", "radialtangential", "brown", "opencv5"]);

export interface OpencvCamera {
  readonly camera: PlainCamera;
  /** Whether it was chosen from a stereo pair. */
  readonly ofPair: boolean;
}

/**
 * @param name of the file, for messages.
 * @param arm which camera of a stereo pair, as `opencvPair` writes one; a file of one camera has no say.
 * @throws WorldError FILE_CORRUPT naming the member that is missing or wrong, and for a pair without `arm`;
 *   CALIBRATION_REFUSED for a lens that the five terms k1 k2 p1 p2 k3 cannot express.
 */
export function parseOpencvCamera(text: string, name: string, arm: "near" | "far" | null): OpencvCamera {
  const all = membersOf(text, name);
  const ofPair = all.has("m1") && all.has("m2");
  if (ofPair && arm === null) {
    throw notACamera(name, "it holds a stereo pair (M1, M2)", "Say which: --camera near (1) or far (2).");
  }
  const members = ofPair ? membersOfArm(all, arm === "far" ? 2 : 1) : all;
  requireOwnModel(members, name);
  const intrinsics = [...pinholeOf(members, name), ...distortionOf(members, name)] as unknown as Intrinsics;
  const rms = firstOf(members, ["avgreprojectionerror", "rms", "reprojectionerror"])?.value;
  const camera = {
    imageSizePx: imageSizeOf(members, name),
    intrinsics,
    rmsPointPx: typeof rms === "number" && Number.isFinite(rms) ? rms : null,
  };
  return { camera, ofPair };
}

/** A camera of a stereo pair under the names that one alone has. A pair's error is no camera's. */
function membersOfArm(members: Members, number: 1 | 2): Members {
  const sizes = [`imagesize${number}`, "imagesize"];
  const imageSize = firstOf(members, sizes)?.value;
  return new Map<string, unknown>([
    ["cameramatrix", members.get(`m${number}`)],
    ...(members.has(`d${number}`) ? [["distcoeffs", members.get(`d${number}`)] as const] : []),
    ...(imageSize === undefined ? [] : [["imagesize", imageSize] as const]),
  ]);
}

function membersOf(text: string, name: string): Members {
  let value: unknown;
  try {
    // OpenCV writes its version as `%YAML:1.0`, which is no YAML; its tags are unknown to everybody else.
    value = parse(text.replace(/^\uFEFF?%YAML:[^\n]*\n/, ""), { logLevel: "silent" });
  } catch (error) {
    throw notACamera(name, `it is not YAML (${(error as Error).message.split("\n")[0]})`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw notACamera(name, "it has no named members");
  }
  return new Map(Object.entries(value).map(([key, member]) => [plainKey(key), member]));
}

function plainKey(key: string): string {
  return key.toLowerCase().replaceAll("_", "");
}

function firstOf(members: Members, keys: readonly string[]): { readonly value: unknown } | null {
  const key = keys.find((each) => members.has(each));
  return key === undefined ? null : { value: members.get(key) };
}

function requireOwnModel(members: Members, name: string): void {
  const model = members.get("distortionmodel");
  const foreign = typeof model === "string" && !ownDistortions.has(plainKey(model).replaceAll("-", ""));
  const fisheye = firstOf(members, ["fisheyemodel"])?.value;
  if (!foreign && (fisheye === undefined || fisheye === 0 || fisheye === false)) return;
  throw otherLens(name, foreign ? `the distortion model ${model}` : "a fisheye");
}

function pinholeOf(members: Members, name: string): readonly number[] {
  const matrix = matrixOf(members, ["cameramatrix", "intrinsicmatrix", "k"], name, "camera_matrix");
  const [fx, skew, cx, , fy, cy] = matrix as readonly [number, number, number, number, number, number];
  const rest = [matrix[3], matrix[6], matrix[7], (matrix[8] ?? 0) - 1];
  if (matrix.length !== 9 || !(fx > 0) || !(fy > 0) || rest.some((value) => value !== 0)) {
    throw notACamera(name, "camera_matrix is not [fx 0 cx; 0 fy cy; 0 0 1]");
  }
  if (skew !== 0) throw otherLens(name, `skewed pixels (${skew})`);
  return [fx, fy, cx, cy];
}

/** k1 k2 p1 p2 k3: OpenCV's order; four terms leave k3 at 0. */
function distortionOf(members: Members, name: string): readonly number[] {
  const keys = ["distortioncoefficients", "distcoeffs", "distortioncoeffs", "d"];
  const terms = matrixOf(members, keys, name, "distortion_coefficients");
  if (terms.length < 4) throw notACamera(name, `distortion_coefficients has ${terms.length} of 4 or 5 terms`);
  if (terms.slice(5).some((term) => term !== 0)) throw otherLens(name, "rational, thin-prism or tilt terms");
  return [0, 1, 2, 3, 4].map((i) => terms[i] ?? 0);
}

/** Numbers of a matrix, or of a plain list. */
function matrixOf(members: Members, keys: readonly string[], name: string, title: string): readonly number[] {
  const found = firstOf(members, keys)?.value;
  if (found === undefined) throw notACamera(name, `${title} is missing`);
  const data = (
    typeof found === "object" && found !== null && "data" in found ? found.data : found
  ) as unknown;
  const values = Array.isArray(data) ? data.flat() : [];
  if (values.length === 0 || !values.every((value) => typeof value === "number" && Number.isFinite(value))) {
    throw notACamera(name, `${title} is not a list of numbers`);
  }
  return values as number[];
}

function imageSizeOf(members: Members, name: string): readonly [number, number] {
  const list = firstOf(members, ["imagesize", "resolution", "size"])?.value;
  const width = firstOf(members, ["imagewidth", "width"])?.value;
  const height = firstOf(members, ["imageheight", "height"])?.value;
  const size: readonly unknown[] = width === undefined && Array.isArray(list) ? list : [width, height];
  if (size.length === 2 && size.every((side) => Number.isInteger(side) && (side as number) > 0)) {
    return [size[0] as number, size[1] as number];
  }
  throw notACamera(name, "image_width and image_height (or imageSize) are missing or not whole numbers");
}

function notACamera(name: string, reason: string, advice?: string): WorldError {
  return new WorldError("FILE_CORRUPT", `${name} is not a camera of OpenCV: ${reason}`, {
    advice: advice ?? "It needs camera_matrix, distortion_coefficients, image_width and image_height.",
  });
}

function otherLens(name: string, what: string): WorldError {
  return new WorldError(
    "CALIBRATION_REFUSED",
    `${name} has ${what}, which nearfar's five terms cannot express`,
    {
      advice: "Calibrate it again with k1 k2 p1 p2 k3 alone: OpenCV's calibrateCamera with flags 0.",
    },
  );
}
