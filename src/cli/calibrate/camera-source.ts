/** Cameras that a command names: of a stored calibration, of a record's file, or OpenCV's. */
import { type Command, Option } from "commander";
import { CallerError } from "../../base/errors.js";
import { type GeometryOf, geometryOf, type PlainCamera } from "../../calibration/exchange/plain-camera.js";
import type { ReadModel } from "../../calibration/exchange/read-model.js";
import { positive } from "../option-values.js";

export interface CameraChoice {
  readonly stop?: number;
  readonly camera?: "near" | "far";
}

export function addCameraChoice(command: Command): Command {
  return command
    .option("--stop <mm>", "of a pair: the stop of the rail", positive)
    .addOption(
      new Option(
        "--camera <arm>",
        "of a pair: this camera alone; of color: this arm (near unless given)",
      ).choices(["near", "far"]),
    );
}

/** @throws CallerError USAGE as `geometryOf`, and for `--camera` of a single camera. */
export function chosenGeometry(model: ReadModel, { stop, camera }: CameraChoice): GeometryOf {
  if (model.source === "opencv") {
    if (camera !== undefined && !model.ofPair) throw singleCamera();
    return { kind: "camera", camera: model.camera };
  }
  const geometry = geometryOf(model.record, stop ?? null);
  if (camera === undefined) return geometry;
  if (geometry.kind === "pair") return { kind: "camera", camera: geometry.pair[camera] };
  throw singleCamera();
}

function singleCamera(): CallerError {
  return new CallerError("USAGE", "--camera chooses from a pair, and this is a single camera.", {
    advice: "Leave --camera out.",
  });
}

/** The part of a choice that a model has: options that are given for the other of two are not for this one. */
export function choiceFor(model: ReadModel, choice: CameraChoice): CameraChoice {
  if (model.source === "opencv") return model.ofPair ? choice : {};
  return model.record.kind === "pair" ? choice : {};
}

/** @throws CallerError USAGE when a pair is named without one of its cameras. */
export function chosenCamera(model: ReadModel, choice: CameraChoice): PlainCamera {
  const geometry = chosenGeometry(model, choice);
  if (geometry.kind === "camera") return geometry.camera;
  throw new CallerError("USAGE", "This is a pair of cameras.", {
    advice: "Say which: --camera near or far.",
  });
}
