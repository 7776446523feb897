/** What tangential residuals cannot see, whatever the pair shows; for a record's `blindTo`. */
export const rigFitBlindTo: readonly string[] = [
  "A wrong scale of either image is radial, like depth: it shows as heads that are too deep or too flat.",
  "A near or far pupil that stands elsewhere along the axis moves points along the radius only, as depth does.",
  "Radial lens distortion about the epipole (k1 that is off) looks like depth.",
  "Motion of the head along the axis between the exposures looks like depth; sideways motion is seen, as shift and offset.",
  "Whatever else moves points along the radius: the eye plane's scale, a phantom and the null test at the far stop tell.",
];
