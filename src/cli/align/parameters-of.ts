/** How the pairs of a run are aligned. */
import { type AlignmentParameters, usualParameters } from "../../alignment/pair-input.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { type AlignmentLimits, alignmentLimitsSchema } from "../../schema/alignment-limits.js";
import type { AlignOptions } from "./align-options.js";

/** Limits from a rig config that was named. @throws CallerError CONFIG_NOT_FOUND, CONFIG_INVALID. */
export async function namedLimits(path: string | undefined): Promise<AlignmentLimits | null> {
  return path === undefined ? null : (await loadRigConfig(path)).alignment;
}

/** Limits of a session's own rig config; the usual ones where it is from before there were any. */
export function limitsOfSession(rigConfig: unknown): AlignmentLimits {
  const written =
    typeof rigConfig === "object" && rigConfig !== null && "alignment" in rigConfig
      ? rigConfig.alignment
      : {};
  return alignmentLimitsSchema.safeParse(written).data ?? usualLimits();
}

export function usualLimits(): AlignmentLimits {
  return alignmentLimitsSchema.parse({});
}

export function parametersOf(
  { size, side, flow }: Pick<AlignOptions, "size" | "side" | "flow">,
  limits: AlignmentLimits,
): AlignmentParameters {
  return { ...usualParameters, sizePx: size, sideMm: side, flow, limits };
}
