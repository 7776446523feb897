/** A ruler check: two bars of exactly 100 mm, because printers stretch both directions differently. */
import { lineTo, moveTo, type PDFOperator, setLineWidth, stroke } from "pdf-lib";
import type { Size } from "./paper.js";

export const barMm = 100;

/** From the content's edge to the bar. */
export const barGapMm = 4;
const barWidthMm = 0.2;

/** Ticks every 10 mm, longer at both ends; their middle is the place to measure to. */
export function drawScaleBars(content: Size): PDFOperator[] {
  const below = content.heightMm / 2 + barGapMm;
  const leftOf = -content.widthMm / 2 - barGapMm;
  const operators = [setLineWidth(barWidthMm)];
  const line = (x1: number, y1: number, x2: number, y2: number): void => {
    operators.push(moveTo(x1, y1), lineTo(x2, y2), stroke());
  };
  line(-barMm / 2, below, barMm / 2, below);
  line(leftOf, -barMm / 2, leftOf, barMm / 2);
  for (let at = -barMm / 2; at <= barMm / 2; at += 10) {
    const tick = Math.abs(at) === barMm / 2 ? 2.5 : 1.2;
    line(at, below, at, below - tick);
    line(leftOf, at, leftOf + tick, at);
  }
  return operators;
}
