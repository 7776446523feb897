/** Finds the LED counter in an image by its lit frame. */
import { ledColumns, ledRows } from "./led-panel.js";
import type { LedCorners, LinearImage } from "./raw-frame.js";

/**
 * Brightness, as shares of the image's brightest, from which a pixel counts as lit. The frame is thin and may reach but
 * little of the LEDs' own; what stands around may reach more.
 */
const litShares = [0.5, 0.3, 0.15] as const;
/** Least width of a panel: two px a column are the least that can be read. */
const leastWidthPx = 2 * ledColumns;
/** How far the proportions may be off: the panel stands across the view. */
const mostStretch = 0.15;
/** Share of each side of the frame that must be lit. */
const leastSideShare = 0.7;

/** Bounding box of connected lit pixels, both ends included. */
interface Blob {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** @returns corners of the largest lit frame of the panel's proportions; null when there is none. */
export function findLedPanel(image: LinearImage): LedCorners | null {
  const light = lightOf(image);
  // Not the very brightest: a hot pixel would set the scale.
  const brightest = light.toSorted()[Math.floor(0.999 * (light.length - 1))] as number;
  for (const share of litShares) {
    const found = frameAmong(
      light.map((value) => (value > share * brightest ? 1 : 0)),
      image,
    );
    if (found !== null) return found;
  }
  return null;
}

function frameAmong(lit: Float32Array, { widthPx, heightPx }: LinearImage): LedCorners | null {
  const frames = blobsOf(lit, widthPx, heightPx).filter(
    (blob) => hasProportions(blob) && isFrame(blob, lit, widthPx),
  );
  const largest = frames.sort((a, b) => b.right - b.left - (a.right - a.left))[0];
  if (largest === undefined) return null;
  return {
    topLeft: [largest.left / widthPx, largest.top / heightPx],
    bottomRight: [(largest.right + 1) / widthPx, (largest.bottom + 1) / heightPx],
  };
}

function lightOf({ shares, channels, widthPx, heightPx }: LinearImage): Float32Array {
  const light = new Float32Array(widthPx * heightPx);
  for (let i = 0; i < light.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += shares[i * channels + c] as number;
    light[i] = sum;
  }
  return light;
}

/** Groups of lit pixels that touch, corners included. */
function blobsOf(lit: ArrayLike<number>, widthPx: number, heightPx: number): Blob[] {
  const waiting = Uint8Array.from(lit);
  const blobs: Blob[] = [];
  for (let start = 0; start < waiting.length; start++) {
    if (waiting[start] === 1) blobs.push(flood(waiting, start, widthPx, heightPx));
  }
  return blobs;
}

function flood(waiting: Uint8Array, start: number, widthPx: number, heightPx: number): Blob {
  const blob = { left: widthPx, top: heightPx, right: 0, bottom: 0 };
  const stack = [start];
  waiting[start] = 0;
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const [x, y] = [at % widthPx, Math.floor(at / widthPx)];
    blob.left = Math.min(blob.left, x);
    blob.right = Math.max(blob.right, x);
    blob.top = Math.min(blob.top, y);
    blob.bottom = Math.max(blob.bottom, y);
    for (let v = Math.max(0, y - 1); v <= Math.min(heightPx - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(widthPx - 1, x + 1); u++) {
        const neighbour = v * widthPx + u;
        if (waiting[neighbour] === 0) continue;
        waiting[neighbour] = 0;
        stack.push(neighbour);
      }
    }
  }
  return blob;
}

function hasProportions({ left, top, right, bottom }: Blob): boolean {
  const [width, height] = [right - left + 1, bottom - top + 1];
  if (width < leastWidthPx) return false;
  return Math.abs((width * ledRows) / (height * ledColumns) - 1) <= mostStretch;
}

/** Lit along all four sides, within a cell's rim of them: a small turn takes a side out of its row. */
function isFrame({ left, top, right, bottom }: Blob, lit: ArrayLike<number>, widthPx: number): boolean {
  const rim = Math.max(1, Math.round((0.2 * (right - left + 1)) / ledColumns));
  const isLit = (x: number, y: number): boolean => lit[y * widthPx + x] === 1;
  const shareOf = (from: number, to: number, litAt: (along: number, depth: number) => boolean): number => {
    let count = 0;
    for (let along = from; along <= to; along++) {
      for (let depth = 0; depth < rim; depth++) {
        if (!litAt(along, depth)) continue;
        count++;
        break;
      }
    }
    return count / (to - from + 1);
  };
  const sides = [
    shareOf(left, right, (x, depth) => isLit(x, top + depth)),
    shareOf(left, right, (x, depth) => isLit(x, bottom - depth)),
    shareOf(top, bottom, (y, depth) => isLit(left + depth, y)),
    shareOf(top, bottom, (y, depth) => isLit(right - depth, y)),
  ];
  return sides.every((share) => share >= leastSideShare);
}
