import { WorldError } from "../../base/errors.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { Vision } from "../../native/vision.js";
import type { ChartSighting } from "../../schema/calibration-color.js";
import { chartPicture } from "./chart-picture.js";
import type { ChartPlace, Corners } from "./chart-place.js";
import { type ClipLimits, samplePatches } from "./sample-patches.js";

export interface SightedChart {
  readonly place: ChartPlace;
  readonly sighting: ChartSighting;
}

/**
 * Finds the chart and samples its patches.
 * @throws WorldError CALIBRATION_FAILED when there is no chart, CALIBRATION_REFUSED for an image without color;
 *   the signal's reason.
 */
export async function sightChart(
  vision: Vision,
  image: LinearImage,
  clip: ClipLimits,
  signal?: AbortSignal,
): Promise<SightedChart> {
  if (image.channels === 1) throw withoutColor();
  const finding = await vision.findChart(await chartPicture(image), signal === undefined ? {} : { signal });
  if (finding === null) throw noChart(image);
  const { patchShare, mirrored } = finding;
  const place = { cornersPx: finding.cornersPx as Corners, patchShare, mirrored };
  return { place, sighting: await sightingAt(image, place, clip) };
}

/**
 * The same chart with colors from a corrected copy of the image: dark offset off, flat field on. What clips is known
 * from the image itself.
 */
export async function resampled(
  { place, sighting }: SightedChart,
  corrected: LinearImage,
): Promise<ChartSighting> {
  const patches = await samplePatches(corrected, place, nothingClips);
  return {
    ...sighting,
    patches: patches.map((patch, i) => ({
      ...patch,
      clippedShare: sighting.patches[i]?.clippedShare ?? 1,
    })),
  };
}

const nothingClips: ClipLimits = { high: Number.POSITIVE_INFINITY, low: Number.NEGATIVE_INFINITY };

async function sightingAt(image: LinearImage, place: ChartPlace, clip: ClipLimits): Promise<ChartSighting> {
  const [a, b, c, d] = place.cornersPx.map(([x, y]): [number, number] => [x, y]);
  return {
    cornersPx: [a, b, c, d] as ChartSighting["cornersPx"],
    mirrored: place.mirrored,
    patches: await samplePatches(image, place, clip),
  };
}

function withoutColor(): WorldError {
  return new WorldError("CALIBRATION_REFUSED", "The image has one channel: it holds no color.", {
    advice: "Set a color pixel format (BayerRG12, RGB8) for both cameras, or use a color picture.",
  });
}

function noChart({ widthPx, heightPx }: LinearImage): WorldError {
  return new WorldError(
    "CALIBRATION_FAILED",
    `No ColorChecker with 24 patches was found in the image of ${widthPx} × ${heightPx} px.`,
    {
      advice:
        "Show the whole chart, sharp and evenly lit, patches at least 12 px wide, nothing over its edges, no patch overexposed.",
    },
  );
}
