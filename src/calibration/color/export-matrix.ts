/** A camera's matrix for other programs. */
import { CallerError } from "../../base/errors.js";
import { multiply, type Triple, whiteD50 } from "../../color/lab.js";
import { diagonal, inverseOf, type Matrix, product } from "../../color/matrix.js";
import type { Arm } from "../../devices/contract/trigger-board.js";
import type { ColorCalibration } from "../../schema/calibration-color.js";
import { matrixOf } from "./color-fit.js";

/** Members as the DNG specification 1.6 names and defines them, calibration illuminant D50. */
export interface DngColor {
  /** EXIF LightSource: 23 is D50. */
  readonly CalibrationIlluminant1: 23;
  /** XYZ to camera color. */
  readonly ColorMatrix1: Matrix;
  /** White-balanced camera color to XYZ under D50: (1, 1, 1) becomes the D50 white. */
  readonly ForwardMatrix1: Matrix;
  /** Camera color of a perfect white, the greatest channel 1. */
  readonly AsShotNeutral: Triple;
}

/**
 * Linear camera color to XYZ (D50) of one arm.
 * @throws CallerError USAGE when the calibration does not have it.
 */
export function armMatrix(record: ColorCalibration, arm: Arm): Matrix {
  const fit = matrixOf(record.arms[arm]?.toXyz ?? []);
  if (fit !== undefined) return fit.rows as unknown as Matrix;
  throw new CallerError("USAGE", `${record.calibrationId} has no color of the ${arm} arm.`, {
    advice: "Name the other arm: a calibration from one picture file has `near` only.",
  });
}

/** @throws CallerError USAGE for a matrix without an inverse. */
export function dngColor(xyzOfCamera: Matrix): DngColor {
  const cameraOfXyz = inverseOf(xyzOfCamera);
  if (cameraOfXyz === null) {
    throw new CallerError("USAGE", "The camera's matrix has no inverse.", {
      advice: "Calibrate its color anew.",
    });
  }
  const white = multiply(cameraOfXyz, whiteD50);
  const greatest = Math.max(...white);
  const neutral: Triple = [white[0] / greatest, white[1] / greatest, white[2] / greatest];
  return {
    CalibrationIlluminant1: 23,
    ColorMatrix1: scaled(cameraOfXyz, 1 / greatest),
    ForwardMatrix1: product(xyzOfCamera, diagonal(white)),
    AsShotNeutral: neutral,
  };
}

const scaled = (matrix: Matrix, factor: number): Matrix =>
  product(diagonal([factor, factor, factor]), matrix);
