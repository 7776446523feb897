/** Pixel formats in GenICam's PFNC spelling. `p` is the packed form on the wire. */
export const pixelFormats = [
  "Mono8",
  "Mono12",
  "Mono12p",
  "Mono16",
  "BayerRG8",
  "BayerRG12",
  "BayerRG16",
  "BayerBG8",
  "BayerBG12",
  "BayerBG16",
  "BayerGB8",
  "BayerGB12",
  "BayerGB16",
  "BayerGR8",
  "BayerGR12",
  "BayerGR16",
  "RGB8",
] as const;
export type PixelFormat = (typeof pixelFormats)[number];
