import type { Face } from "../../faces/face.js";

/** Points of a flat [n][stride] array as dots; SVG counts from the pixels' corners, nearfar from their centres. */
function dots(values: Float32Array, stride: number, radius: number, color: string): string {
  return Array.from({ length: values.length / stride }, (_, i) => {
    const x = (values[i * stride] as number) + 0.5;
    const y = (values[i * stride + 1] as number) + 0.5;
    return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${color}"/>`;
  }).join("");
}

function drawFace(face: Face): string {
  const { left, top, right, bottom } = face.box;
  const radius = Math.max(0.5, (right - left) / 200);
  const place = `x="${left + 0.5}" y="${top + 0.5}" width="${right - left}" height="${bottom - top}"`;
  return [
    `<rect ${place} fill="none" stroke="yellow" stroke-width="${radius}"/>`,
    dots(face.points468, 3, radius / 2, "white"),
    dots(face.landmarks68, 2, radius, "lime"),
    ...face.eyes.map(({ iris }) => dots(iris, 2, radius, "red")),
  ].join("");
}

/** An SVG of the image's size: boxes yellow, mesh white, the 68 landmarks green, irises red. */
export function drawFaces(
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  faces: readonly Face[],
): string {
  const shapes = faces.map(drawFace).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">${shapes}</svg>`;
}
