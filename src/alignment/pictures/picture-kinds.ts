/** The pictures that can be made of an aligned pair, and what each shows, in a line. */
export const pictureKinds = {
  near: "the near image in sRGB",
  far: "the far image in sRGB",
  blink: "near and far in turn, each a quarter of a second",
  anaglyph: "near in red, far in cyan: what is gray lies at the same place",
  difference: "far brought to near by the flow, less near: gray where they are equal",
  flow: "where near pixels lie in far, by Middlebury's color wheel",
  depth: "depth of the near image towards the cameras from the eye plane",
  tangential: "what of the correspondences leaves the radial direction, exaggerated",
} as const;

export type PictureKind = keyof typeof pictureKinds;
export const pictureKindNames = Object.keys(pictureKinds) as readonly PictureKind[];

/** Counts up when the same pair gives other pictures. */
export const picturesVersion = 1;
