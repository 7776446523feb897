import { Command } from "commander";
import { exitStatusOfKind } from "../../base/errors.js";
import { boardsOfTarget } from "../../calibration/geometry/observations/known-boards.js";
import { readGrayFile } from "../../imaging/gray-file.js";
import { type BoardFinding, createVision } from "../../native/vision.js";
import { readTarget } from "../../targets/read-targets.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";

function median(values: Float32Array): number {
  return values.toSorted()[Math.floor(values.length / 2)] ?? Number.NaN;
}

function findingRecord(id: string, corners: number, finding: BoardFinding): object {
  const { ids, pointsPx, sigmaPx, mirrored, windowPx, message } = finding;
  return {
    type: "board",
    board: id,
    found: ids.length,
    corners,
    mirrored,
    windowPx,
    message,
    points: Array.from(ids, (corner, i) => ({
      id: corner,
      xPx: pointsPx[2 * i],
      yPx: pointsPx[2 * i + 1],
      sigmaPx: sigmaPx[i],
    })),
  };
}

function findingRow(id: string, corners: number, finding: BoardFinding): string[] {
  if (finding.message !== null) return [id, `0 of ${corners}`, "", finding.message];
  const handedness = finding.mirrored === null ? "" : finding.mirrored ? "mirrored" : "not mirrored";
  return [id, `${finding.ids.length} of ${corners}`, median(finding.sigmaPx).toFixed(3), handedness];
}

async function find(
  services: Services,
  folder: string,
  path: string,
  options: { target: string; json?: boolean },
): Promise<void> {
  const boards = boardsOfTarget(await readTarget(folder, options.target));
  const image = await readGrayFile(path);
  const vision = createVision();
  try {
    const findings = await Promise.all(
      boards.map(async ({ id, board, cornersMm }) => ({
        id,
        corners: cornersMm.length,
        finding: await vision.findBoard(image, board),
      })),
    );
    const lines = options.json
      ? findings.map(({ id, corners, finding }) => JSON.stringify(findingRecord(id, corners, finding)))
      : formatTable(
          ["board", "corners", "sigma px", ""],
          findings.map(({ id, corners, finding }) => findingRow(id, corners, finding)),
        );
    for (const line of lines) services.terminal.print(line);
    if (findings.every(({ finding }) => finding.ids.length === 0)) services.exit(exitStatusOfKind.data);
  } finally {
    await vision.close();
  }
}

export function findCommand(services: Services, folder: string): Command {
  return new Command("find")
    .description(
      "Find a board's inner corners in a picture file, in px with sigma; tell a mirrored picture. Exit status 5: none.",
    )
    .argument("<image>", "PNG, JPEG or TIFF")
    .requiredOption("--target <id>", "as `targets list` prints it")
    .option("--json", "print a JSON line for each board, with every corner")
    .action((path: string, options: { target: string; json?: boolean }) =>
      find(services, folder, path, options),
    );
}
