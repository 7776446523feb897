/** Surface points all over what the truth shows, as both arms see them. */
import type { Pixel } from "../../geometry/brown-camera.js";
import type { TrueSighting } from "./landing-errors.js";
import type { TruePlaces } from "./true-places.js";
import type { SceneTruthFolder } from "./truth-folder.js";

/** Distance of the points, px of the truth's near canonical image. */
const stepPx = 16;

/** Points that both pupils see and both frames show. */
export function trueSightings({ truth }: SceneTruthFolder, places: TruePlaces): TrueSighting[] {
  const { sizePx } = truth.canonical;
  const inside = (arm: "near" | "far", [x, y]: Pixel): boolean => {
    const [width, height] = truth.arms[arm].imageSize;
    return x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
  };
  const sightings: TrueSighting[] = [];
  for (let y = 0; y < sizePx; y += stepPx)
    for (let x = 0; x < sizePx; x += stepPx) {
      const near = places.frameOf("near", [x, y]);
      const seen = places.seenAt("near", [x, y]);
      if (near === null || !seen?.visible || seen.frame === null) continue;
      const positionFar = seen.otherPointMm;
      if (positionFar === null || !inside("near", near) || !inside("far", seen.frame)) continue;
      sightings.push({
        near: { px: near, positionMm: seen.pointMm },
        far: { px: seen.frame, positionMm: positionFar },
      });
    }
  return sightings;
}
