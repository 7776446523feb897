/** The JSON in the ImageDescription of a stored frame: what the samples mean. */
import { z } from "zod";
import { pixelFormats } from "../schema/pixel-format.js";
import { mountSchema } from "../schema/rig-config.js";
import { pixelLayouts } from "./pixel-layout.js";
import type { SampleMeaning } from "./raw-frame.js";

export const frameDescriptionSchema = z.strictObject({
  format: z.literal("nearfar-frame"),
  version: z.literal(1),
  pixelFormat: z.enum(pixelFormats),
  /** The color filter's 2 × 2 cell at the top left of the stored image; null: no filter. */
  cfa: z.enum(["RGGB", "BGGR", "GBRG", "GRBG"]).nullable(),
  /** Significant bits, least-significant-bit aligned. */
  bitDepth: z.int().min(8).max(16),
  blackLevel: z.int().min(0).max(65535),
  whiteLevel: z.int().min(1).max(65535),
  /** The samples are as the sensor gave them: un-mirror first, then turn clockwise. */
  mount: mountSchema,
  /** Where the frame came from, as capture put it. */
  source: z.record(z.string(), z.unknown()),
});
export type FrameDescription = z.infer<typeof frameDescriptionSchema>;

export function describeFrame(
  { pixelFormat, bitDepth, blackLevel, whiteLevel, mount }: SampleMeaning,
  source: Readonly<Record<string, unknown>>,
): FrameDescription {
  return {
    format: "nearfar-frame",
    version: 1,
    pixelFormat,
    cfa: pixelLayouts[pixelFormat].cfa,
    bitDepth,
    blackLevel,
    whiteLevel,
    mount,
    source,
  };
}

/** @returns null when the text is not the description of a nearfar frame. */
export function parseFrameDescription(text: string | null): FrameDescription | null {
  if (text === null || !text.startsWith("{")) return null;
  try {
    return frameDescriptionSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
