import { resolve } from "node:path";
import { Command, Option } from "commander";
import {
  builtInTargets,
  type CharucoBoard,
  type CheckerBoard,
  type TargetDefinition,
} from "../../schema/target.js";
import { drawTargetPdf } from "../../targets/draw-pdf.js";
import { type PaperName, papers } from "../../targets/paper.js";
import { readTarget, targetIds, targetsFolder } from "../../targets/read-targets.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { findCommand } from "../targets/find-command.js";
import { writeOutput } from "../write-output.js";

interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  /** How one comes by it. */
  readonly source: "print" | "buy" | "virtual rig only";
}

async function listed(folder: string): Promise<Listed[]> {
  const defined: Listed[] = [];
  for (const id of await targetIds(folder)) {
    const { kind, title } = await readTarget(folder, id);
    defined.push({ id, kind, title, source: kind === "color-chart" ? "buy" : "print" });
  }
  const builtIn = builtInTargets.map(
    ({ id, title }): Listed => ({ id, kind: "light", title, source: "virtual rig only" }),
  );
  return [...defined, ...builtIn];
}

function checkerText(board: CheckerBoard & Partial<CharucoBoard>): string {
  const inner = (board.squaresX - 1) * (board.squaresY - 1);
  const squares = `${board.squaresX} × ${board.squaresY} squares of ${board.squareMm} mm, ${inner} inner corners`;
  if (board.markerBits === undefined || board.firstMarkerId === undefined) return squares;
  const last = board.firstMarkerId + board.markerBits.length - 1;
  return `${squares}, markers of ${board.markerMm} mm: ${board.dictionary} ${board.firstMarkerId} to ${last}`;
}

/** What a person wants to know; the JSON output is the whole definition. */
function describe(target: TargetDefinition): string[] {
  const head = [`${target.id}: ${target.title}`];
  switch (target.kind) {
    case "charuco":
    case "chessboard":
      return [
        ...head,
        checkerText(target),
        `pattern ${target.squaresX * target.squareMm} × ${target.squaresY * target.squareMm} mm ` +
          `on a sheet of ${target.sheet.widthMm} × ${target.sheet.heightMm} mm`,
      ];
    case "assembly":
      return [
        ...head,
        `${target.base.widthMm} × ${target.base.heightMm} mm`,
        ...target.boards.map(
          (board) => `${board.id} at (${board.pose.translationMm.join(", ")}) mm: ${checkerText(board)}`,
        ),
      ];
    case "color-chart":
      return [
        ...head,
        `${target.columns} × ${target.rows} patches of ${target.patchMm} mm ` +
          `on a body of ${target.body.widthMm} × ${target.body.heightMm} mm`,
        `reference ${target.reference}: ${target.patches.join(", ")}`,
      ];
  }
}

function listCommand(services: Services, folder: string): Command {
  return new Command("list")
    .description("Boards, charts and lights that there are.")
    .option("--json", "print JSON lines")
    .action(async ({ json }: { json?: boolean }) => {
      const all = await listed(folder);
      const lines = json
        ? all.map((target) => JSON.stringify({ type: "target", ...target }))
        : formatTable(
            ["id", "kind", "how to get one", "title"],
            all.map((target) => [target.id, target.kind, target.source, target.title]),
          );
      for (const line of lines) services.terminal.print(line);
    });
}

function showCommand(services: Services, folder: string): Command {
  return new Command("show")
    .description("One target's definition.")
    .argument("<id>", "as `targets list` prints it")
    .option("--json", "print the whole definition as a JSON line")
    .action(async (id: string, { json }: { json?: boolean }) => {
      const target = await readTarget(folder, id);
      const lines = json ? [JSON.stringify({ type: "target", ...target })] : describe(target);
      for (const line of lines) services.terminal.print(line);
    });
}

interface PrintOptions {
  readonly out: string;
  readonly paper: PaperName;
  readonly force?: boolean;
  readonly json?: boolean;
}

function printCommand(services: Services, folder: string): Command {
  const { terminal, version } = services;
  return new Command("print")
    .description("Write a PDF in true scale with a ruler check, one page for each printed piece.")
    .argument("<id>", "as `targets list` prints it")
    .requiredOption("--out <file>", "PDF to write")
    .addOption(new Option("--paper <name>", "paper size").choices(Object.keys(papers)).default("a4"))
    .option("--force", "replace the file if it exists")
    .option("--json", "print a JSON line")
    .action(async (id: string, { out, paper, force, json }: PrintOptions) => {
      const { pdf, pages } = await drawTargetPdf(await readTarget(folder, id), paper, version);
      await writeOutput(out, pdf, force === true);
      if (json) {
        terminal.print(JSON.stringify({ type: "print", target: id, path: resolve(out), paper, pages }));
        return;
      }
      for (const page of pages) terminal.print(page.caption);
      terminal.print(`${out}: ${pages.length === 1 ? "1 page" : `${pages.length} pages`} on ${paper}`);
      terminal.note("Print at 100 % (no fit to page) and measure both scale bars: 100.0 mm.");
    });
}

export function targetsCommand(services: Services): Command {
  const folder = targetsFolder(services.programFolder);
  const command = new Command("targets").description(
    "Calibration targets: what there is, PDFs to print, corners in pictures.",
  );
  for (const make of [listCommand, showCommand, printCommand, findCommand])
    command.addCommand(make(services, folder));
  return command;
}
