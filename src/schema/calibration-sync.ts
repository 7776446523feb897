import { z } from "zod";
import { calibrationHeader } from "./calibration-header.js";

const perArm = <T extends z.ZodType>(schema: T) => z.strictObject({ near: schema, far: schema });

/** Of absolute values where the quantity has a sign, so that p95 and max are distances from zero. */
const spread = z.strictObject({
  count: z.int(),
  median: z.number(),
  /** 95th percentile and greatest of the absolute deviation from the median. */
  p95: z.number(),
  max: z.number(),
});
export type Spread = z.infer<typeof spread>;

/** Exposure start and skew over some dry shots at one setting of the delays. */
const syncRound = z.strictObject({
  delayUs: perArm(z.number()),
  /** From trigger edge to exposure start, µs; null for an arm without feedback. */
  lagUs: perArm(spread.nullable()),
  /** Near exposure start minus far exposure start, µs; null unless both arms have feedback. */
  skewUs: spread.nullable(),
  /** One entry a shot, in order; null: no edge came. */
  shots: z.array(
    z.strictObject({ shotId: z.int(), lagUs: perArm(z.number().nullable()), skewUs: z.number().nullable() }),
  ),
});
export type SyncRound = z.infer<typeof syncRound>;

export const syncCalibration = z.strictObject({
  ...calibrationHeader,
  kind: z.literal("sync"),
  /** `assumed`: a feedback wire is missing, and the delays are those of the config. */
  skewKind: z.enum(["measured", "assumed"]),
  before: syncRound,
  /** The delays that make the median skew zero, the smaller one 0; null when nothing was measured. */
  proposedDelayUs: perArm(z.number()).nullable(),
  /** Further shots with the proposed delays; null when they were not applied. */
  verified: syncRound.nullable(),
  /**
   * The LED counter as both cameras saw it in the same trigger: its tick near minus far, in µs, of each shot where
   * both were read. Null when no counter stood there.
   */
  ledCounter: z
    .strictObject({
      read: z.int(),
      unreadable: z.int(),
      /** Shots where a view showed another shot's number. */
      mismatched: z.int(),
      /** Null when none was read. */
      differenceUs: spread.nullable(),
    })
    .nullable(),
});
export type SyncCalibration = z.infer<typeof syncCalibration>;
