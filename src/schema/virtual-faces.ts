/** What a capture plan may ask of a virtual subject. */
import { CallerError } from "../base/errors.js";

/** Expressions that every virtual head knows. */
export const virtualExpressions = ["neutral", "smile", "surprise", "frown", "eyes-closed"] as const;

/** Poses that a plan may ask of a virtual head, sides as the upright image shows them: turn and nod, in degrees. */
export const virtualPoses: Readonly<Record<string, { readonly yawDeg: number; readonly pitchDeg: number }>> =
  {
    frontal: { yawDeg: 0, pitchDeg: 0 },
    left: { yawDeg: 20, pitchDeg: 0 },
    right: { yawDeg: -20, pitchDeg: 0 },
    up: { yawDeg: 0, pitchDeg: -12 },
    down: { yawDeg: 0, pitchDeg: 12 },
  };

/** @throws CallerError PLAN_INVALID for an expression or pose that the virtual heads do not know. */
export function requireVirtualFace({ expression, pose }: { expression: string; pose: string }): void {
  requireKnown("expression", expression, virtualExpressions);
  requireKnown("pose", pose, Object.keys(virtualPoses));
}

function requireKnown(what: string, word: string, known: readonly string[]): void {
  if (known.includes(word)) return;
  throw new CallerError("PLAN_INVALID", `a virtual subject knows no ${what} "${word}"`, {
    advice: `Plan one of ${known.join(", ")}.`,
  });
}
