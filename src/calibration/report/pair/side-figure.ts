/** The pair from above and from the side, with what is off the line much enlarged. */
import { type Content, type Markup, markup } from "../markup.js";
import { chosen, significant } from "../numbers.js";
import { figure } from "../page-parts.js";
import { cyclic } from "../plot/color-map.js";
import { label, type Place } from "../plot/marks.js";
import { type PlotArea, plot, px } from "../plot/plot-area.js";
import type { NearPupil, PairGeometry } from "./pair-geometry.js";

const size = { widthPx: 860, heightPx: 210 };

export function sideFigures(geometry: PairGeometry): Content {
  if (geometry.pupils.length === 0) return null;
  return [sideFigure(geometry, 0, "Seen from above"), sideFigure(geometry, 1, "Seen from the side")];
}

/** @param axis 0: off along x; 1: along y. */
function sideFigure({ faceMm, pupils }: PairGeometry, axis: 0 | 1, title: string): Markup {
  const greatest = Math.max(
    ...pupils.flatMap(({ offMm, missMm }) => [Math.abs(offMm[axis]), Math.abs(missMm[axis])]),
  );
  const reach = 1.25 * Math.max(greatest, 0.02);
  const [left, right] = [-0.04 * faceMm, 1.06 * faceMm];
  const times = size.heightPx / (2 * reach) / (size.widthPx / (right - left));
  const name = axis === 0 ? "x" : "y, down";
  const drawing = plot(
    {
      title,
      x: { label: "from the far pupil along the line to the face point, mm", from: left, to: right },
      y: { label: `off it, ${name}, mm`, from: axis === 0 ? -reach : reach, to: axis === 0 ? reach : -reach },
      ...size,
    },
    (area) => [
      eyePlane(area, faceMm),
      segment(area, { x: 0, y: 0 }, { x: faceMm, y: 0 }, "guide"),
      pupils.map((pupil, i) =>
        nearPupil(area, pupil, axis, faceMm, cyclic((0.8 * i) / Math.max(1, pupils.length - 1))),
      ),
      dot(area, { x: 0, y: 0 }, 4.5, "pupil"),
      label(area, { x: 0, y: 0 }, "far pupil", "halo", [8, 18], "start"),
    ],
  );
  return figure(
    title,
    drawing,
    `Lengths along the line are to scale, across it ${significant(times, 2)} times too long. Each colored line is the near camera's line of sight from the ` +
      "face point through its pupil (dot, with the stop in mm); where it passes the far pupil is the offset to be adjusted away.",
  );
}

function nearPupil(area: PlotArea, pupil: NearPupil, axis: 0 | 1, faceMm: number, color: string): Content {
  const place = { x: pupil.alongMm, y: pupil.offMm[axis] };
  const sigma = axis === 0 ? pupil.lateralOffsetMm.x.sigma : pupil.lateralOffsetMm.y.sigma;
  const miss = pupil.missMm[axis];
  const [top, bottom] = [area.y.at(miss + sigma), area.y.at(miss - sigma)];
  return [
    segment(area, { x: faceMm, y: 0 }, { x: 0, y: miss }, "tone", color),
    markup`<path class="tone" stroke="${color}" stroke-width="2.5" d="M${px(area.x.at(0))} ${px(top)}V${px(bottom)}"/>`,
    dot(area, place, 4, "", color),
    label(area, place, chosen(pupil.distanceMm, ""), "halo", [0, -8]),
  ];
}

function eyePlane(area: PlotArea, faceMm: number): Markup {
  const x = px(area.x.at(faceMm));
  return markup`<path class="mean" d="M${x} 12V${area.heightPx}"/>${label(area, { x: faceMm, y: area.y.to }, "eye plane", "plain", [-6, 14], "end")}`;
}

function segment({ x, y }: PlotArea, from: Place, to: Place, className: string, color?: string): Markup {
  const stroke = color === undefined ? null : markup` stroke="${color}" stroke-width="1.4"`;
  return markup`<path class="${className}"${stroke} d="M${px(x.at(from.x))} ${px(y.at(from.y))}L${px(x.at(to.x))} ${px(y.at(to.y))}"/>`;
}

function dot({ x, y }: PlotArea, place: Place, radius: number, className: string, color?: string): Markup {
  const fill = color === undefined ? null : markup` fill="${color}"`;
  return markup`<circle class="${className}"${fill} cx="${px(x.at(place.x))}" cy="${px(y.at(place.y))}" r="${radius}"/>`;
}
