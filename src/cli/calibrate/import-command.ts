import { Command } from "commander";
import { parseOpencvCamera } from "../../calibration/exchange/opencv-import.js";
import { readText } from "../../calibration/record/record-file.js";
import { intrinsicNames } from "../../schema/calibration-geometry.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";

async function importCamera(services: Services, path: string, json: boolean): Promise<void> {
  const camera = parseOpencvCamera(await readText(path), path);
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
    .option("--json", "print the camera as one JSON line")
    .action((path: string, { json }: { json?: boolean }) => importCamera(services, path, json === true));
}
