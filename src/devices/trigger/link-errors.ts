/** How the link to the board ends, and how a request ends with it. */
import { CallerError, type ErrorCode, type ErrorOptions, WorldError } from "../../base/errors.js";

/** A request without an answer. */
export class RequestLost extends WorldError {
  /** False: not a byte of it was written, so the board certainly did nothing. */
  readonly mayHaveArrived: boolean;

  constructor(code: ErrorCode, message: string, mayHaveArrived: boolean, options: ErrorOptions) {
    super(code, message, options);
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** How one request ends when the whole link ends for `reason`. */
export function outcomeOf(reason: Error, mayHaveArrived: boolean): Error {
  if (!(reason instanceof WorldError)) return reason;
  return new RequestLost(reason.code, reason.message, mayHaveArrived, {
    advice: reason.advice,
    cause: reason,
  });
}

export function closedError(): CallerError {
  return new CallerError("CLOSED", "the trigger board was closed", {
    advice: "Open the board again before you use it.",
  });
}

export function noReplyError(path: string): WorldError {
  return new WorldError("BOARD_NO_REPLY", `the trigger board on ${path} does not answer`, {
    advice: "Check the cable and the board's power; unplug the board and plug it in again.",
  });
}

export function silentError(path: string): WorldError {
  return new WorldError("LINK_LOST", `the trigger board on ${path} has gone silent`, {
    advice: "Check the cable and the board's power; the session goes on after a reconnect.",
  });
}

export function goneError(path: string, cause: Error): WorldError {
  return new WorldError("LINK_LOST", `the trigger board on ${path} went away (${cause.message})`, {
    advice: "Check the USB cable and plug the board in again; the session goes on after a reconnect.",
    cause,
  });
}

export function rebootedError(path: string): WorldError {
  return new WorldError("BOARD_REBOOTED", `the trigger board on ${path} was reset`, {
    advice: "Check the board's power supply; its settings are pushed again on reconnect.",
  });
}
