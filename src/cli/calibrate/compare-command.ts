import { Command } from "commander";
import type { PlainCamera } from "../../calibration/exchange/plain-camera.js";
import { readModel } from "../../calibration/exchange/read-model.js";
import { positive } from "../option-values.js";
import type { Services } from "../services.js";
import { cameraDifference, differenceText, withSolver } from "./camera-difference.js";
import { addCameraChoice, type CameraChoice, choiceFor, chosenCamera } from "./camera-source.js";
import { withStore } from "./with-store.js";

interface CompareOptions extends CameraChoice {
  readonly distance: number;
  readonly store?: string;
  readonly json?: boolean;
}

async function compare(
  services: Services,
  references: readonly [string, string],
  { distance, store, json, ...choice }: CompareOptions,
): Promise<void> {
  const cameras = await withStore(services, store, async (dataset) => {
    const cameraOf = async (reference: string): Promise<PlainCamera> => {
      const model = await readModel(reference, dataset, choice.camera ?? null);
      return chosenCamera(model, choiceFor(model, choice));
    };
    return [await cameraOf(references[0]), await cameraOf(references[1])] as const;
  });
  const difference = await withSolver(services, (solver, signal) =>
    cameraDifference(solver, cameras, distance, signal),
  );
  services.terminal.print(
    json
      ? JSON.stringify({ type: "difference", ...difference })
      : `They differ at ${distance} mm by: ${differenceText(difference)}`,
  );
}

export function compareCommand(services: Services): Command {
  const command = new Command("compare")
    .description(
      "Tell how far two calibrations of one camera differ in what they image at a distance, in px.",
    )
    .argument("<a>", "id of a calibration, file of a record, or a camera of OpenCV's")
    .argument("<b>", "the other one")
    .requiredOption("--distance <mm>", "of what is imaged, from the camera", positive)
    .option("--store <dir>", "the dataset that ids are of");
  return addCameraChoice(command)
    .option("--json", "print one JSON line")
    .action((a: string, b: string, options: CompareOptions) => compare(services, [a, b], options));
}
