import { CallerError } from "../base/errors.js";

/** What a wait is aborted with when the user ends it. */
export function interrupted(): CallerError {
  return new CallerError("INTERRUPTED", "Ended by the user.", {
    advice: "Everything that was acknowledged is safe; run the command again to go on.",
  });
}
