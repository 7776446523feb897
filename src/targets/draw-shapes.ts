/** Drawing operators in mm from the page's centre, x right, y down. */
import {
  closePath,
  concatTransformationMatrix,
  lineTo,
  moveTo,
  PDFOperator,
  PDFOperatorNames,
  popGraphicsState,
  pushGraphicsState,
  setDashPattern,
  setFillingGrayscaleColor,
  setLineWidth,
  stroke,
} from "pdf-lib";
import type { Rectangle } from "./board-geometry.js";
import type { Size } from "./paper.js";
import type { InkShape, Line } from "./pieces.js";

/** A point is 1/72 inch. */
export const ptPerMm = 72 / 25.4;

const hairlineMm = 0.15;

export function inMm(page: Size, operators: readonly PDFOperator[]): PDFOperator[] {
  const x = (page.widthMm / 2) * ptPerMm;
  const y = (page.heightMm / 2) * ptPerMm;
  return [
    pushGraphicsState(),
    concatTransformationMatrix(ptPerMm, 0, 0, -ptPerMm, x, y),
    ...operators,
    popGraphicsState(),
  ];
}

/** Each shape is one path filled even-odd, so that its white cells are holes and nothing is painted twice. */
export function drawInk(shapes: readonly InkShape[]): PDFOperator[] {
  return [
    setFillingGrayscaleColor(0),
    ...shapes.flatMap(({ outline, holes }) => [
      ...[outline, ...holes].flatMap(box),
      PDFOperator.of(PDFOperatorNames.FillEvenOdd),
    ]),
  ];
}

export function drawLines(lines: readonly Line[]): PDFOperator[] {
  return [
    setLineWidth(hairlineMm),
    ...(["cut", "fold"] as const).flatMap((style) => [
      setDashPattern(style === "fold" ? [2, 1] : [], 0),
      ...lines
        .filter((line) => line.style === style)
        .flatMap(({ from, to }) => [moveTo(from[0], from[1]), lineTo(to[0], to[1]), stroke()]),
    ]),
    setDashPattern([], 0),
  ];
}

function box({ left, top, width, height }: Rectangle): PDFOperator[] {
  return [
    moveTo(left, top),
    lineTo(left + width, top),
    lineTo(left + width, top + height),
    lineTo(left, top + height),
    closePath(),
  ];
}
