import { decodePDFRawStream, PDFArray, PDFDocument, type PDFPage, PDFRawStream } from "pdf-lib";
import { describe, expect, test } from "vitest";
import { innerCorners } from "../../src/targets/board-geometry.js";
import { drawTargetPdf } from "../../src/targets/draw-pdf.js";
import { readTarget, targetsFolder } from "../../src/targets/read-targets.js";
import { repository } from "../support/cli.js";

const folder = targetsFolder(repository);
const mmPerPt = 25.4 / 72;

type Point = readonly [x: number, y: number];
interface Path {
  readonly points: readonly Point[];
  readonly operator: string;
}

function contentOf(page: PDFPage): string {
  const contents = page.node.Contents();
  const parts = contents instanceof PDFArray ? contents.asArray() : [contents];
  const streams = parts.map((part) => page.doc.context.lookup(part as never));
  return streams
    .filter((stream) => stream instanceof PDFRawStream)
    .map((stream) => Buffer.from(decodePDFRawStream(stream).decode()).toString("latin1"))
    .join("\n");
}

/** Painted paths in mm from the page's top left, y down: what a printer does with the content stream. */
function pathsOf(page: PDFPage): Path[] {
  const height = page.getHeight();
  let matrix = [1, 0, 0, 1, 0, 0];
  const saved: number[][] = [];
  const paths: Path[] = [];
  let points: Point[] = [];
  for (const line of contentOf(page).split("\n")) {
    const words = line.trim().split(/\s+/);
    const operator = words.pop() ?? "";
    const numbers = words.map(Number);
    const [a, b, c, d, e, f] = matrix as [number, number, number, number, number, number];
    if (operator === "q") saved.push(matrix);
    if (operator === "Q") matrix = saved.pop() ?? matrix;
    if (operator === "cm") matrix = numbers;
    if (operator === "m" || operator === "l") {
      const [x, y] = numbers as [number, number];
      points.push([(a * x + c * y + e) * mmPerPt, (height - (b * x + d * y + f)) * mmPerPt]);
    }
    if (operator === "f*" || operator === "S") {
      paths.push({ points, operator });
      points = [];
    }
  }
  return paths;
}

async function printed(id: string, paper: "a4" | "letter" | "a5" = "a4"): Promise<PDFDocument> {
  const { pdf } = await drawTargetPdf(await readTarget(folder, id), paper, "1.2.3");
  return PDFDocument.load(pdf, { updateMetadata: false });
}

function onlyPage(document: PDFDocument): PDFPage {
  expect(document.getPageCount()).toBe(1);
  return document.getPage(0);
}

describe("the PDF of a target", () => {
  test.each([
    ["charuco-a4", "a4", 210, 297],
    ["charuco-a4", "letter", 215.9, 279.4],
    ["charuco-small", "a5", 148, 210],
    ["chessboard-9x6", "a4", 210, 297],
  ] as const)("has the corners of %s on %s where the definition says", async (id, paper, width, height) => {
    const page = onlyPage(await printed(id, paper));
    expect(page.getWidth() * mmPerPt).toBeCloseTo(width, 6);
    expect(page.getHeight() * mmPerPt).toBeCloseTo(height, 6);
    const vertices = pathsOf(page)
      .filter((path) => path.operator === "f*")
      .flatMap((path) => path.points.slice(0, 4));
    const board = await readTarget(folder, id);
    if (board.kind !== "charuco" && board.kind !== "chessboard") throw new Error(board.kind);
    for (const corner of innerCorners(board)) {
      const touching = vertices.filter(
        ([x, y]) => Math.hypot(x - width / 2 - corner.x, y - height / 2 - corner.y) < 0.01,
      );
      // Two black squares meet in each.
      expect(touching).toHaveLength(2);
    }
  });

  test("carries two scale bars of exactly 100 mm, one in each direction", async () => {
    for (const page of (await printed("depth-phantom")).getPages()) {
      const lengths = pathsOf(page)
        .filter((path) => path.operator === "S")
        .map(({ points: [from, to] }) => [
          Math.abs((to?.[0] ?? 0) - (from?.[0] ?? 0)),
          Math.abs((to?.[1] ?? 0) - (from?.[1] ?? 0)),
        ]);
      const bars = lengths.filter(
        ([dx = 0, dy = 0]) => Math.abs(dx + dy - 100) < 0.001 && Math.min(dx, dy) < 1e-6,
      );
      expect(bars.map(([dx = 0]) => Math.round(dx)).sort()).toEqual([0, 100]);
    }
  });

  test("has a page for each piece of the phantom and asks viewers not to scale", async () => {
    const document = await printed("depth-phantom", "letter");
    // Plan of the base, five boards, three posts.
    expect(document.getPageCount()).toBe(9);
    expect(document.catalog.getViewerPreferences()?.getPrintScaling()).toBe("None");
    expect(document.getTitle()).toContain("Depth phantom");
    expect(document.getProducer()).toBe("nearfar 1.2.3");
  });

  test("keeps everything inside the page and clear of the pattern", async () => {
    const page = onlyPage(await printed("charuco-a4", "letter"));
    const paths = pathsOf(page);
    for (const { points } of paths) {
      for (const [x, y] of points) {
        expect(x).toBeGreaterThan(5);
        expect(x).toBeLessThan(215.9 - 5);
        expect(y).toBeGreaterThan(5);
        expect(y).toBeLessThan(279.4 - 5);
      }
    }
    const bars = paths.filter((path) => path.operator === "S").flatMap((path) => path.points);
    for (const [x, y] of bars) {
      expect(Math.max(Math.abs(x - 215.9 / 2) - 90, Math.abs(y - 279.4 / 2) - 127.5)).toBeGreaterThan(1);
    }
  });

  test("is the same file every time", async () => {
    const target = await readTarget(folder, "charuco-small");
    const [first, second] = [await drawTargetPdf(target, "a4", "1"), await drawTargetPdf(target, "a4", "1")];
    expect(Buffer.compare(first.pdf, second.pdf)).toBe(0);
  });
});
