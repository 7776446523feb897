/** Pieces of a target as a PDF in true scale: vectors only, one page for each piece. */
import { PDFDocument, PrintScaling, StandardFonts } from "pdf-lib";
import type { TargetDefinition } from "../schema/target.js";
import { drawInk, drawLines, inMm, ptPerMm } from "./draw-shapes.js";
import { drawLabels, drawNotes, type Notes } from "./draw-text.js";
import { hasRoom, type PaperName, pageFor, type Size } from "./paper.js";
import { centredBox, outlineOf, type Piece, piecesOf } from "./pieces.js";
import { barMm, drawScaleBars } from "./scale-bars.js";

export interface PrintedTarget {
  readonly pdf: Uint8Array;
  readonly pages: readonly {
    readonly caption: string;
    readonly widthMm: number;
    readonly heightMm: number;
  }[];
}

/**
 * The same definition, paper and version give the same bytes.
 * @param version of nearfar, printed on every page.
 * @throws CallerError USAGE for a target that cannot be printed, at all or on this paper.
 */
export async function drawTargetPdf(
  target: TargetDefinition,
  paper: PaperName,
  version: string,
): Promise<PrintedTarget> {
  const pieces = piecesOf(target);
  const placed = pieces.map((piece) => ({ piece, page: pageFor(paper, piece.content, piece.caption) }));
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(target.title);
  document.setProducer(`nearfar ${version}`);
  // Asks the viewer not to offer "fit to page" as its default.
  document.catalog.getOrCreateViewerPreferences().setPrintScaling(PrintScaling.None);
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const [index, { piece, page: size }] of placed.entries()) {
    const page = document.addPage([size.widthMm * ptPerMm, size.heightMm * ptPerMm]);
    // A sheet that leaves no room for notes is the page itself, or its rim is cut narrower by hand.
    const sheet = piece.sheet !== null && hasRoom(size, piece.sheet) ? piece.sheet : null;
    const clear = keptClear(sheet ?? piece.content);
    const cut = sheet === null ? [] : outlineOf(centredBox(0, 0, sheet), "cut");
    page.pushOperators(
      ...inMm(size, [...drawInk(piece.ink), ...drawLines([...cut, ...piece.lines]), ...drawScaleBars(clear)]),
    );
    drawLabels(page, font, size, piece.labels);
    drawNotes(page, font, size, clear, notesOf(target, piece, version, `${index + 1} of ${placed.length}`));
  }
  const pdf = await document.save({ useObjectStreams: false });
  return { pdf, pages: placed.map(({ piece, page }) => ({ caption: piece.caption, ...page })) };
}

/** What notes and scale bars stay outside of; never so small that the two bars cross. */
function keptClear(drawn: Size): Size {
  return { widthMm: Math.max(drawn.widthMm, barMm), heightMm: Math.max(drawn.heightMm, barMm) };
}

function notesOf(target: TargetDefinition, piece: Piece, version: string, page: string): Notes {
  return {
    above: [
      `${target.id}  -  page ${page}  -  nearfar ${version}, definition version ${target.version}`,
      piece.caption,
    ],
    below: "measure this: 100.0 mm; print at 100 %, no fit to page",
  };
}
