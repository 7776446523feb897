/** The LED counter as the virtual rig's plane scene shows it, over a textured background. */
import { encodeLedBits, ledColumns, ledRows } from "../../src/imaging/led-panel.js";
import type { LedCorners } from "../../src/imaging/raw-frame.js";
import type { Scene } from "./synthetic-frame.js";

export const panelCorners: LedCorners = { topLeft: [0.05, 0.05], bottomRight: [0.45, 0.32] };

const lit = 0.7;
const dark = 0.03;
/** The panel between the LEDs, and the width of its bright frame as a share of a cell. */
const board = 0.015;
const frameShare = 0.08;
/** LEDs fill the central 60 % of their cells. */
const ledFrom = 0.2;
const ledTo = 0.8;

export interface PanelOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bits: readonly boolean[];
  /** How far the panel stands right of and below where the corners say. */
  readonly shiftPx?: readonly [number, number];
}

export function ledPanelScene({ widthPx, heightPx, bits, shiftPx = [0, 0] }: PanelOptions): Scene {
  const left = panelCorners.topLeft[0] * widthPx + shiftPx[0];
  const top = panelCorners.topLeft[1] * heightPx + shiftPx[1];
  const cellWidth = ((panelCorners.bottomRight[0] - panelCorners.topLeft[0]) * widthPx) / ledColumns;
  const cellHeight = ((panelCorners.bottomRight[1] - panelCorners.topLeft[1]) * heightPx) / ledRows;
  return (u, v) => {
    const column = (u - left) / cellWidth;
    const row = (v - top) / cellHeight;
    if (column < 0 || row < 0 || column >= ledColumns || row >= ledRows) return grayTexture(u, v);
    const level = levelAt(column, row, bits);
    return [level, level, level];
  };
}

export function litPanel(widthPx: number, heightPx: number, shotId: number, tick: bigint): Scene {
  return ledPanelScene({ widthPx, heightPx, bits: encodeLedBits({ shotId, tick }) });
}

/** @param column, row place on the panel in cells, fractions included. */
function levelAt(column: number, row: number, bits: readonly boolean[]): number {
  if (isCentral(column % 1) && isCentral(row % 1)) {
    return bits[Math.floor(row) * ledColumns + Math.floor(column)] ? lit : dark;
  }
  const toEdge = Math.min(column, row, ledColumns - column, ledRows - row);
  return toEdge < frameShare ? lit : board;
}

function isCentral(place: number): boolean {
  return place >= ledFrom && place < ledTo;
}

/** Smooth waves of several sizes and directions, 0.15 to 0.65. */
export const grayTexture: Scene = (u, v) => {
  const waves =
    Math.sin(u * 0.9) + Math.sin(v * 0.8) + Math.sin((u + v) * 0.31) + Math.sin((u - 2 * v) * 0.13);
  const level = 0.4 + waves / 16;
  return [level, level, level];
};
