/** Records of color and light: how both arms see color, and what plate and lenses do to light. */
import { z } from "zod";
import { calibrationHeader } from "./calibration-header.js";

const pair = z.tuple([z.number(), z.number()]);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const perArm = <T extends z.ZodType>(schema: T) => z.strictObject({ near: schema, far: schema });

/** Mean, worst and all of a fit's color differences, ΔE00. */
const deltas = z.strictObject({ mean: z.number(), max: z.number(), each: z.array(z.number()) });

/** A map of linear color to linear color. */
const colorFit = z.strictObject({
  /** `matrix`: 3 × 3. `root-polynomial-2`: 3 × 6 on r, g, b, √(rg), √(gb), √(rb) (Finlayson 2015). */
  method: z.enum(["matrix", "root-polynomial-2"]),
  /** Rows of the result's channels. */
  rows: z.array(z.array(z.number())).length(3),
  deltaE00: z.strictObject({
    /** On the usable patches that the map was fitted to; of a session's refit these are the grays. */
    fit: deltas,
    /** Each usable patch by a map that was fitted without it; null of a refit, whose gains have the grays alone. */
    leaveOneOut: deltas.nullable(),
    /** Of a refit only: on the usable colored patches, to which its gains were not fitted. */
    colored: deltas.optional(),
  }),
});
export type ColorFit = z.infer<typeof colorFit>;

/** The chart in one image. */
const chartSighting = z.strictObject({
  /** Of the body's patch grid, px: the chart's own top left (dark skin), top right, bottom right, bottom left. */
  cornersPx: z.tuple([pair, pair, pair, pair]),
  mirrored: z.boolean(),
  /** In the chart's order, dark skin to black: linear camera color as shares, black level and glare still in. */
  patches: z
    .array(z.strictObject({ mean: triple, sigma: triple, pixels: z.int(), clippedShare: z.number() }))
    .length(24),
});
export type ChartSighting = z.infer<typeof chartSighting>;

/** Dark frame and flat field of one arm. */
const armLight = z.strictObject({
  /** Mean of the dark frame less the config's black level, share of the range, for each channel. */
  darkOffset: triple,
  /** Noise of the dark frame, share of the range. */
  darkNoise: triple,
  /** Gains that make a uniform target uniform, 1 in the middle: rows × columns × 3, over the whole image. */
  flat: z.strictObject({ columns: z.int(), rows: z.int(), gains: z.array(z.number()) }).nullable(),
  /** Worst departure from uniform after the flat field, on a frame that it was not made from, share. */
  flatResidual: z.number().nullable(),
  /** Signal over exposure against a straight line: greatest departure, share of the signal; null: not measured. */
  linearityError: z.number().nullable(),
  linearity: z.array(z.strictObject({ exposureUs: z.number(), share: z.number() })),
});

const armColor = z.strictObject({
  chart: chartSighting,
  /** Added to every patch by stray light, share of the range; taken off before the fits. */
  glare: triple,
  /** To XYZ under D50, a perfect white (0.9642, 1, 0.8249). */
  toXyz: z.array(colorFit),
});

export const colorCalibration = z.strictObject({
  ...calibrationHeader,
  kind: z.literal("color"),
  /** `colorchecker24:after-2014`. */
  target: z.string(),
  /** Null for a single image: `near` is then what is known of it. */
  arms: perArm(armColor.nullable()),
  light: perArm(armLight.nullable()),
  /** Linear near camera color to far camera color; null without both arms. The first one is the recommended. */
  nearToFar: z.array(colorFit).nullable(),
  /** Far to linear Rec.2020 (D65), 3 × 3, a perfect white (1, 1, 1); null without the far arm. */
  farToRec2020: z.tuple([triple, triple, triple]).nullable(),
  /** Far over near signal of the gray patches, each channel. */
  exposureRatio: triple.nullable(),
  /** The whole calibration whose maps were corrected by new gains for one session; null for a whole calibration. */
  refitOf: z.string().nullable().default(null),
  /** Against the last whole calibration of the same rig; null: there is none. */
  drift: z
    .strictObject({
      since: z.string(),
      near: deltas.nullable(),
      far: deltas.nullable(),
      pair: deltas.nullable(),
    })
    .nullable(),
});
export type ColorCalibration = z.infer<typeof colorCalibration>;

/** What a point light shows of the plate's second face. */
const ghost = z.strictObject({
  /** From the main image, px of the upright image. */
  offsetPx: pair,
  /** Of the ghost's light over the main image's. */
  strength: z.number(),
  /** Predicted from thickness, index and angle; null without a geometric calibration. */
  expectedOffsetPx: pair.nullable(),
});

const sharpnessAt = z.strictObject({
  distanceMm: z.number(),
  /** Spatial frequency at half contrast, cycles per px, in the image's middle, along x and along y. */
  mtf50: pair,
  /** Depth of best focus towards the cameras from the eye plane, mm; null: not enough depths seen. */
  bestFocusMm: z.number().nullable(),
});

export const lightCalibration = z.strictObject({
  ...calibrationHeader,
  kind: z.literal("light"),
  ghost: z.array(
    z.strictObject({
      distanceMm: z.number(),
      near: ghost.nullable(),
      far: ghost.nullable(),
      /** Why an arm saw no point light to look for a ghost of; null: it saw the light, with the ghost given or none. */
      noLight: perArm(z.string().nullable()).default({ near: null, far: null }),
    }),
  ),
  /** Signal where nothing should be, lights on and nobody there, as a share of a white's; each channel. */
  veil: perArm(triple.nullable()),
  /** Far over near signal of the same white in s and in p light, relative to unpolarised; null: not measured. */
  polarisation: z
    .strictObject({ nearS: z.number(), nearP: z.number(), farS: z.number(), farP: z.number() })
    .nullable(),
  sharpness: perArm(z.array(sharpnessAt)),
  advice: z.array(z.string()),
});
export type LightCalibration = z.infer<typeof lightCalibration>;
