import { type Markup, markup } from "../markup.js";
import { figure } from "../page-parts.js";
import { cyclic } from "../plot/color-map.js";
import { dots } from "../plot/marks.js";
import { px } from "../plot/plot-area.js";
import { type ImageSize, imagePlot } from "./image-plot.js";
import { inliers, type ResidualPoint } from "./residual-points.js";
import { thinned, thinningNote } from "./thin-points.js";

/** Sectors of direction that get a color each. */
const sectors = 16;

/** Directions of the residuals as colors, after mrcal's picture of the same. */
export function directionFigure(
  points: readonly ResidualPoint[],
  imageSizePx: ImageSize,
  name: string,
  limit: number,
): Markup {
  const title = `Residual directions, ${name}`;
  const good = inliers(points);
  const drawn = thinned(good, imageSizePx, limit);
  const bySector = Array.from({ length: sectors }, (): ResidualPoint[] => []);
  for (const point of drawn) {
    const turn = Math.atan2(point.dy, point.dx) / (2 * Math.PI);
    bySector[Math.floor((((turn % 1) + 1) % 1) * sectors) % sectors]?.push(point);
  }
  const drawing = imagePlot({ title, imageSizePx, rightPx: 84, beside: () => colorWheel() }, (area) =>
    bySector.map((some, i) => dots(area, some, "tone", cyclic((i + 0.5) / sectors))),
  );
  return figure(
    title,
    drawing,
    `The wheel says which color is which direction. A good fit is confetti; a patch of one color is an error that the model could have taken up.${thinningNote(drawn.length, good.length)}`,
  );
}

function colorWheel(): Markup {
  const [middle, radius] = [48, 26];
  const slices = Array.from({ length: sectors }, (_, i) => {
    const end = (edge: number): string => {
      const angle = (2 * Math.PI * edge) / sectors;
      return `${px(middle + radius * Math.cos(angle))} ${px(middle + radius * Math.sin(angle))}`;
    };
    return markup`<path fill="${cyclic((i + 0.5) / sectors)}" d="M${middle} ${middle}L${end(i)}A${radius} ${radius} 0 0 1 ${end(i + 1)}z"/>`;
  });
  return markup`${slices}<text x="${middle}" y="${middle + radius + 14}" text-anchor="middle">+y (down)</text><text x="${middle + radius + 3}" y="${middle + 4}">+x</text>`;
}
