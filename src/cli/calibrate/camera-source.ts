/** Cameras that a command names: of a stored calibration, of a record's file, or OpenCV's. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { CallerError } from "../../base/errors.js";
import { type GeometryOf, geometryOf, type PlainCamera } from "../../calibration/exchange/plain-camera.js";
import type { ReadModel } from "../../calibration/exchange/read-model.js";

export interface CameraChoice {
  readonly stop?: number;
  readonly camera?: "near" | "far";
}

export function addCameraChoice(command: Command): Command {
  return command
    .option("--stop <mm>", "of a pair: the stop of the rail", millimetres)
    .addOption(
      new Option(
        "--camera <arm>",
        "of a pair: this camera alone; of color: this arm (near unless given)",
      ).choices(["near", "far"]),
    );
}

export function millimetres(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("must be a distance in mm");
}

/** @throws CallerError USAGE as `geometryOf`, and for `--camera` of a single camera. */
export function chosenGeometry(model: ReadModel, { stop, camera }: CameraChoice): GeometryOf {
  const geometry: GeometryOf =
    model.source === "opencv"
      ? { kind: "camera", camera: model.camera }
      : geometryOf(model.record, stop ?? null);
  if (camera === undefined) return geometry;
  if (geometry.kind === "pair") return { kind: "camera", camera: geometry.pair[camera] };
  throw new CallerError("USAGE", "--camera chooses from a pair, and this is a single camera.", {
    advice: "Leave --camera out.",
  });
}

/** @throws CallerError USAGE when a pair is named without one of its cameras. */
export function chosenCamera(model: ReadModel, choice: CameraChoice): PlainCamera {
  const geometry = chosenGeometry(model, choice);
  if (geometry.kind === "camera") return geometry.camera;
  throw new CallerError("USAGE", "This is a pair of cameras.", {
    advice: "Say which: --camera near or far.",
  });
}
