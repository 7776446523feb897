import type { CanonicalFaces } from "../../src/alignment/face/aligned-faces.js";
import type { EyeDepth } from "../../src/alignment/face/eye-depth.js";
import { faceZoneMap } from "../../src/alignment/face/face-zones.js";
import { gridOver, pixelOfCell } from "../../src/alignment/face/grid.js";
import { headPrior } from "../../src/alignment/face/head-prior.js";
import { type FaceZone, faceZones } from "../../src/schema/alignment.js";
import type { RenderedPair } from "./canonical-render.js";

export interface PriorFigures {
  readonly cells: number;
  /** Of prior less truth, mm. */
  readonly rmsMm: number;
  /** rms of that over the prior's sigma. */
  readonly normalised: number;
}

/** Behind the eyes the truth's depth is the body's or the wall's. */
const deepestMm = -160;

/** How the head prior of a view, told nothing but where the eyes are, fits the truth's depth. */
export function priorFigures(
  rendered: RenderedPair,
  arm: "near" | "far",
  faces: CanonicalFaces,
  eyesMm: number,
): Map<FaceZone, PriorFigures> {
  const face = faces[arm];
  if (face === null) throw new Error(`no face in the ${arm} view`);
  const { pair } = rendered;
  const truth = arm === "near" ? rendered.nearDepthMm : rendered.farDepthMm;
  const distance = (of: "near" | "far") => ({ value: pair[of].aimDepthMm - eyesMm, sigma: 2 });
  const eyes: EyeDepth = {
    depthMm: { value: eyesMm, sigma: 2 },
    nearDistanceMm: distance("near"),
    farDistanceMm: distance("far"),
    source: "flow",
  };
  const prior = headPrior({ pair, arm, faces, eyes, measured: null });
  if (prior === null) throw new Error("there is no prior");
  const { zones } = faceZoneMap(rendered[arm], face, null);
  const grid = gridOver(pair.sizePx, prior.columns);
  const sums = new Map<FaceZone, { cells: number; squares: number; normalised: number }>();
  for (const [cell, depth] of prior.depthMm.entries()) {
    const [x, y] = pixelOfCell(grid, cell % grid.columns, Math.floor(cell / grid.columns)).map(
      Math.round,
    ) as [number, number];
    const i = y * pair.sizePx + x;
    const zone = faceZones[(zones[i] as number) - 1];
    const error = depth - (truth[i] as number);
    if (zone === undefined || !((truth[i] as number) > deepestMm) || Number.isNaN(error)) continue;
    const sum = sums.get(zone) ?? { cells: 0, squares: 0, normalised: 0 };
    sum.cells += 1;
    sum.squares += error ** 2;
    sum.normalised += (error / (prior.sigmaMm[cell] as number)) ** 2;
    sums.set(zone, sum);
  }
  return new Map(
    [...sums].map(([zone, { cells, squares, normalised }]) => [
      zone,
      { cells, rmsMm: Math.sqrt(squares / cells), normalised: Math.sqrt(normalised / cells) },
    ]),
  );
}
