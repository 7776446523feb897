import { Command } from "commander";
import { CallerError, exitStatusOfKind } from "../../base/errors.js";
import { type RgbPicture, readPicture } from "../../imaging/picture-file.js";
import { type BoardFinding, createVision, type VisionBoard, type VisionImage } from "../../native/vision.js";
import type { TargetDefinition } from "../../schema/target.js";
import { innerCorners } from "../../targets/board-geometry.js";
import { readTarget } from "../../targets/read-targets.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";

interface NamedBoard {
  readonly id: string;
  readonly board: VisionBoard;
  /** Inner corners that it has. */
  readonly corners: number;
}

/** @throws CallerError USAGE for a target without corners. */
function boardsOf(target: TargetDefinition): NamedBoard[] {
  switch (target.kind) {
    case "charuco":
    case "chessboard":
      return [{ id: target.id, board: target, corners: innerCorners(target).length }];
    case "assembly":
      return target.boards.map((board) => ({
        id: `${target.id}-${board.id}`,
        board,
        corners: innerCorners(board).length,
      }));
    case "color-chart":
      throw new CallerError("USAGE", `${target.id} has patches, no corners to find.`, {
        advice: "Name a board: `nearfar targets list`.",
      });
  }
}

/** Rec. 709 luma, which is what corners are measured on. */
function grayOf({ data, widthPx, heightPx }: RgbPicture): VisionImage {
  const gray = new Float32Array(widthPx * heightPx);
  for (let i = 0; i < gray.length; i++) {
    const at = 3 * i;
    gray[i] =
      0.2126 * (data[at] as number) + 0.7152 * (data[at + 1] as number) + 0.0722 * (data[at + 2] as number);
  }
  return { data: gray, widthPx, heightPx };
}

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
  const boards = boardsOf(await readTarget(folder, options.target));
  const image = grayOf(await readPicture(path));
  const vision = createVision();
  try {
    const findings = await Promise.all(
      boards.map(async ({ id, board, corners }) => ({
        id,
        corners,
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
