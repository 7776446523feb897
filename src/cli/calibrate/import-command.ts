import { Command, Option } from "commander";
import { parseOpencvCamera } from "../../calibration/exchange/opencv-import.js";
import { readText } from "../../calibration/record/record-file.js";
import { intrinsicNames } from "../../schema/calibration-geometry.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { type CameraChoice, chosenCamera } from "./camera-source.js";

interface ImportOptions extends Pick<CameraChoice, "camera"> {
  readonly json?: boolean;
}

async function importCamera(
  services: Services,
  path: string,
  { camera: arm, json }: ImportOptions,
): Promise<void> {
  const read = parseOpencvCamera(await readText(path), path, arm ?? null);
  const camera = chosenCamera({ source: "opencv", ...read }, arm === undefined ? {} : { camera: arm });
  const { imageSizePx, intrinsics, rmsPointPx } = camera;
  const rows = [
    ["image", imageSizePx.join(" × "), "px"],
    ...intrinsicNames.map((name, i) => [name, String(intrinsics[i]), i < 4 ? "px" : ""]),
    [
      "error",
      rmsPointPx === null ? "not known" : String(rmsPointPx),
      rmsPointPx === null ? "" : "px per point",
    ],
  ];
  const lines = json
    ? [JSON.stringify({ type: "camera", path, ...camera })]
    : formatTable(["camera", path, ""], rows);
  for (const line of lines) services.terminal.print(line);
}

export function importCommand(services: Services): Command {
  return new Command("import")
    .description(
      "Check and print a camera of OpenCV's (YAML or JSON). Such a file may then be given to `export` and `compare` " +
        "like a calibration.",
    )
    .argument("<file>", "with camera_matrix, distortion_coefficients, image_width and image_height")
    .addOption(
      new Option("--camera <arm>", "of a stereo pair (M1, M2): near is 1, far is 2").choices(["near", "far"]),
    )
    .option("--json", "print the camera as one JSON line")
    .action((path: string, options: ImportOptions) => importCamera(services, path, options));
}
