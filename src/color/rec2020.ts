/** Linear Rec.2020, the color space of canonical images. */
import { inverseOf, type Matrix, product } from "./matrix.js";

/** Linear Rec.2020 to XYZ under D65 (ITU-R BT.2020-2, by its primaries and white). */
export const xyzOfRec2020: Matrix = [
  [0.6369580483012914, 0.14461690358620832, 0.16888097516417205],
  [0.2627002120112671, 0.6779980715188708, 0.05930171646986196],
  [0, 0.028072693049087428, 1.060985057710791],
];

/** Linear sRGB to XYZ under D65 (IEC 61966-2-1, by its primaries and white). */
const xyzOfSrgb: Matrix = [
  [0.41239079926595934, 0.357584339383878, 0.1804807884018343],
  [0.21263900587151027, 0.715168678767756, 0.07219231536073371],
  [0.01933081871559182, 0.11919477979462598, 0.9505321522496607],
];

/** Linear Rec.2020 to linear sRGB; colors outside sRGB have shares below 0 or above 1. */
export const srgbOfRec2020: Matrix = product(inverseOf(xyzOfSrgb) as Matrix, xyzOfRec2020);
