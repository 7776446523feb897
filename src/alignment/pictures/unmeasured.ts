import { maskBits } from "../../schema/alignment.js";
import { outsideColor, type Sheet, unmeasuredColor } from "./sheet.js";

/** A pixel without a value: outside the frame, hidden from the other pupil, or not measured. */
export function paintUnmeasured(sheet: Sheet, mask: number, pixel: number, x: number, y: number): void {
  if ((mask & maskBits.valid) === 0) sheet.paint(pixel, outsideColor);
  else if ((mask & maskBits.head) !== 0 && (mask & maskBits.hidden) !== 0) sheet.paintHidden(pixel, x, y);
  else sheet.paint(pixel, unmeasuredColor);
}
