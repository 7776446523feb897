/** Poses as a person is asked for them. */
import type { PlannedPose } from "./pose-plan.js";

/** Beside the axis by less than this is called the middle; nearer the eye plane than this is called in it. */
const middleMm = 8;
const inPlaneMm = 8;
/** Tilts under this are not worth a word. */
const flatDeg = 8;

/** One or two sentences. Left and right are the image's, which is the operator's view from behind the cameras. */
export function poseSentence(
  boardId: string,
  role: PlannedPose["role"],
  { translationMm: [x, y, z], rotationDeg }: PlannedPose["pose"],
  eyePlaneMm: number,
): string {
  if (role === "eye-plane") {
    return `Stand board ${boardId} upright in the eye plane, in the middle, facing the cameras squarely.`;
  }
  const tilt = tiltWords(rotationDeg);
  return `Hold board ${boardId} ${placeWords(x, y)}, ${depthWords(eyePlaneMm - z)}${tilt === null ? "" : `, ${tilt}`}.`;
}

function placeWords(x: number, y: number): string {
  const across = Math.abs(x) < middleMm ? "" : x < 0 ? "left" : "right";
  const down = Math.abs(y) < middleMm ? "" : y < 0 ? "upper" : "lower";
  if (across === "" && down === "") return "in the middle of the view";
  if (across === "") return `in the ${down} part of the view`;
  return down === "" ? `at the ${across} of the view` : `at the ${down} ${across} of the view`;
}

function depthWords(heightMm: number): string {
  if (Math.abs(heightMm) < inPlaneMm) return "in the eye plane";
  const mm = Math.round(Math.abs(heightMm) / 5) * 5;
  return heightMm > 0 ? `${mm} mm before the eye plane` : `${mm} mm behind the eye plane`;
}

/** Turned about x by a positive angle the top comes towards the cameras; about y, the right edge. */
function tiltWords([aboutX, aboutY]: readonly [number, number, number]): string | null {
  const edges = [
    ...(Math.abs(aboutX) < flatDeg ? [] : [aboutX > 0 ? "top" : "bottom"]),
    ...(Math.abs(aboutY) < flatDeg ? [] : [aboutY > 0 ? "right" : "left"]),
  ];
  if (edges.length === 0) return null;
  const deg = Math.round(Math.hypot(aboutX, aboutY) / 5) * 5;
  const part = edges.length === 1 ? `${edges[0]} edge` : `${edges.join(" ")} corner`;
  return `its ${part} towards the cameras by about ${deg}°`;
}
