import { adaptation } from "../../color/adaptation.js";
import { fitMatrix } from "../../color/fit-matrix.js";
import { multiply, type Triple, whiteD50, whiteD65 } from "../../color/lab.js";
import { inverseOf, type Matrix, product } from "../../color/matrix.js";
import { xyzOfRec2020 } from "../../color/rec2020.js";

/** XYZ under D50 to linear Rec.2020, adapted to D65 by Bradford; a perfect white becomes (1, 1, 1). */
const rec2020OfXyzD50: Matrix = product(inverseOf(xyzOfRec2020) as Matrix, adaptation(whiteD50, whiteD65));

/**
 * Linear camera color to linear Rec.2020 (D65), by least squares over the patches.
 * @param xyz of the patches under D50, a perfect white (0.9642, 1, 0.8249).
 * @returns null when the camera's channels are not independent.
 */
export function fitRec2020(camera: readonly Triple[], xyz: readonly Triple[]): Matrix | null {
  return fitMatrix(
    camera,
    xyz.map((color) => multiply(rec2020OfXyzD50, color)),
  );
}
