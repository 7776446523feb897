import { intrinsicNames, type SolvedCamera } from "../../../schema/calibration-geometry.js";
import type { Content, Markup } from "../markup.js";
import { withSigma } from "../numbers.js";
import { numberColumn, table, textColumn } from "../page-parts.js";

export interface NamedCamera {
  readonly name: string;
  readonly camera: SolvedCamera;
}

/** The nine numbers of each camera with their sigmas, a camera a column. */
export function intrinsicsTable(cameras: readonly NamedCamera[]): Markup {
  const rows = intrinsicNames.map((name, i): Content[] => [
    i < 4 ? `${name}, px` : name,
    ...cameras.map(({ camera }) => {
      const value = camera.intrinsics[i] as number;
      const free = camera.free[i] === true;
      return !free && value === 0
        ? "0 (fixed)"
        : withSigma(value, free ? (camera.sigma[i] as number) : 0, "");
    }),
  ]);
  const sizes = cameras.map(({ camera }) => camera.imageSizePx.join(" × "));
  return table(
    [textColumn(""), ...cameras.map(({ name }) => numberColumn(name))],
    [["image, px", ...sizes], ...rows],
  );
}
