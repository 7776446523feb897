/** Errors of the addon as nearfar errors. */
import { CallerError, type ErrorCode, NearfarError, WorldError } from "../../base/errors.js";

const worldAdvice = {
  CAMERA_NOT_FOUND:
    "Check the serial in the rig config, the camera's power and cable, and that its network interface is up and in the camera's subnet.",
  CAMERA_BUSY: "Close the other program (a viewer, another nearfar), or wait a few seconds if it was killed.",
  CAMERA_LOST: "Check the camera's power and cable, then close it and open it again.",
  CAMERA_REFUSED:
    "Compare the rig config with the camera's data sheet; a power cycle clears a confused camera.",
} as const satisfies Partial<Record<ErrorCode, string>>;

const callerAdvice = {
  CAMERA_REFUSED: "Change the camera's settings in the rig config to what the message says it can do.",
  USAGE: "Call open, configure, arm, disarm, close in this order.",
  CLOSED: "Open the camera again.",
} as const satisfies Partial<Record<ErrorCode, string>>;

/**
 * The nearfar error for what the addon threw; `asked` is true where a refusal is about settings
 * that the caller chose. What the addon does not throw on purpose comes back as it is, to be
 * thrown as the defect it is.
 */
export function nearfarErrorOf(failure: unknown, asked = false): unknown {
  if (!(failure instanceof Error) || failure instanceof NearfarError) return failure;
  const code: unknown = "code" in failure ? failure.code : undefined;
  if (typeof code !== "string") return failure;
  const isWorld = Object.hasOwn(worldAdvice, code) && !(asked && code === "CAMERA_REFUSED");
  if (isWorld) return worldError(code as keyof typeof worldAdvice, failure);
  if (Object.hasOwn(callerAdvice, code)) return callerError(code as keyof typeof callerAdvice, failure);
  return failure;
}

function worldError(code: keyof typeof worldAdvice, cause: Error): NearfarError {
  return new WorldError(code, cause.message, { advice: worldAdvice[code], cause });
}

function callerError(code: keyof typeof callerAdvice, cause: Error): NearfarError {
  return new CallerError(code, cause.message, { advice: callerAdvice[code], cause });
}
