import type { Triple } from "./lab.js";

const degrees = 180 / Math.PI;
const power7Of25 = 25 ** 7;

/** In [0, 360); 0 for a gray. */
function hueDeg(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  return (Math.atan2(b, a) * degrees + 360) % 360;
}

const cosDeg = (angle: number): number => Math.cos(angle / degrees);
const sinDeg = (angle: number): number => Math.sin(angle / degrees);

/** C7/(C7 + 25^7), under a root. */
function chromaShare(chroma: number): number {
  const power = chroma ** 7;
  return Math.sqrt(power / (power + power7Of25));
}

/** Difference of hue from the first to the second, degrees; opposite hues (exactly 180°) count as they stand. */
function hueStep(from: number, to: number): number {
  const step = to - from;
  if (Math.abs(step) <= 180) return step;
  return step > 180 ? step - 360 : step + 360;
}

function meanHue(first: number, second: number): number {
  const sum = first + second;
  if (Math.abs(first - second) <= 180) return sum / 2;
  return sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
}

/**
 * CIEDE2000 of two CIE L*a*b* colors with kL = kC = kH = 1 (Sharma, Wu, Dalal, Color Research and Application
 * 30(1), 2005, whose equations and names these are). Symmetric.
 */
export function deltaE00([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const meanChromaAb = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const stretch = 1 + 0.5 * (1 - chromaShare(meanChromaAb));
  const [c1, c2] = [Math.hypot(stretch * a1, b1), Math.hypot(stretch * a2, b2)];
  const [h1, h2] = [hueDeg(stretch * a1, b1), hueDeg(stretch * a2, b2)];
  const isGray = c1 * c2 === 0;

  const dL = l2 - l1;
  const dC = c2 - c1;
  const dH = isGray ? 0 : 2 * Math.sqrt(c1 * c2) * sinDeg(hueStep(h1, h2) / 2);

  const meanL = (l1 + l2) / 2;
  const meanC = (c1 + c2) / 2;
  const h = isGray ? h1 + h2 : meanHue(h1, h2);
  const t =
    1 - 0.17 * cosDeg(h - 30) + 0.24 * cosDeg(2 * h) + 0.32 * cosDeg(3 * h + 6) - 0.2 * cosDeg(4 * h - 63);
  const offset = (meanL - 50) ** 2;
  const weightL = 1 + (0.015 * offset) / Math.sqrt(20 + offset);
  const weightC = 1 + 0.045 * meanC;
  const weightH = 1 + 0.015 * meanC * t;
  const turn = -sinDeg(60 * Math.exp(-(((h - 275) / 25) ** 2))) * 2 * chromaShare(meanC);
  const [l, c, k] = [dL / weightL, dC / weightC, dH / weightH];
  return Math.sqrt(Math.max(0, l * l + c * c + k * k + turn * c * k));
}
