/** Says what did not come of a trigger. */
import { WorldError } from "../../base/errors.js";
import type { NumberedShot } from "../../capture/arm-barrier.js";
import type { CapturedShot } from "../../capture/captured-shot.js";
import type { TriggerOutcome } from "../../schema/records.js";

/** Of a trigger that did not end as a pair. */
export function missingError(
  { trigger, fire }: Pick<CapturedShot<NumberedShot>, "trigger" | "fire">,
  tries: number,
): WorldError {
  const times = tries === 1 ? "" : ` in ${tries} tries`;
  const { message, advice } = missing(trigger.outcome, fire.kind === "fired" ? "" : fire.reason);
  return new WorldError("RIG_FAILED", `${message}${times}`, { advice });
}

function missing(outcome: TriggerOutcome, reason: string): { message: string; advice: string } {
  const camera = (arm: string): { message: string; advice: string } => ({
    message: `the ${arm} camera sent no whole frame`,
    advice: `Check cable, power and network of the ${arm} camera; \`nearfar doctor\` looks at each device.`,
  });
  switch (outcome) {
    case "near-missing":
      return camera("near");
    case "far-missing":
      return camera("far");
    case "not-fired":
    case "unknown":
      return {
        message: `the trigger board did not fire (${reason})`,
        advice: "Check the board's cable and power; `nearfar doctor` looks at each device.",
      };
    case "both-missing":
    case "paired":
      return {
        message: "neither camera sent a whole frame",
        advice: "Check the trigger cables and the cameras' network; `nearfar doctor` looks at each device.",
      };
  }
}
