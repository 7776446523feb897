import { CallerError } from "../../base/errors.js";
import type { TargetGuide, TargetRequest } from "../contract/target-guide.js";
import type { AskOperator } from "./manual-stage.js";

/** Asks a person to hold the targets. */
export class ManualTargetGuide implements TargetGuide {
  readonly automatic = false;
  readonly #ask: AskOperator | null;

  /** @param ask null where nobody is at a terminal. */
  constructor(ask: AskOperator | null) {
    this.#ask = ask;
  }

  /** @throws CallerError USAGE when there is nobody to ask. */
  async show({ text }: TargetRequest, signal?: AbortSignal): Promise<void> {
    if (this.#ask === null) {
      throw new CallerError("USAGE", `Nobody is at a terminal who could be asked: ${text}`, {
        advice: "Calibrate a real rig at a terminal.",
      });
    }
    await this.#ask(text, signal);
  }

  async release(): Promise<void> {}
}
