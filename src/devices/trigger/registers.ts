/** Typed reads and writes of the board's registers over the link. */
import { WorldError } from "../../base/errors.js";
import {
  decodeError,
  decodeRegister,
  decodeReply,
  type ErrorCode,
  encodeRegister,
  frameKinds,
  type RegisterName,
  type RegisterReplies,
  type RegisterValues,
  registers,
  splitTick,
} from "./generated/protocol.js";
import { commandPatienceMs, type LinkReply, pingPatienceMs, type TriggerLink } from "./link.js";

/** What a register answered, and when by both clocks. */
export interface RegisterReply<Value> {
  readonly value: Value;
  /** Board tick at which the request was processed. */
  readonly tick: bigint;
  readonly attempts: number;
  readonly sentNs: bigint;
  readonly receivedNs: bigint;
}

/** The board answered, and its answer is no. */
export class BoardRefusal extends WorldError {
  readonly errorCode: ErrorCode;
  /** More than one: an earlier copy of the request may have been obeyed before a reboot. */
  readonly attempts: number;

  constructor(register: RegisterName, errorCode: ErrorCode, attempts: number) {
    super("BOARD_REFUSED", `the trigger board refused \`${register}\`: ${refusals[errorCode]}`, {
      advice: refusalAdvice[errorCode] ?? "Update nearfar and the board's firmware to the same version.",
    });
    this.errorCode = errorCode;
    this.attempts = attempts;
  }
}

const refusals: Readonly<Record<ErrorCode, string>> = {
  unknownRegister: "it has no such register",
  readOnly: "the register is read-only",
  writeOnly: "the register is write-only",
  wrongLength: "the value has a wrong length",
  outOfRange: "the value is out of range",
  wrongState: "not in the state it is in",
  wrongShot: "another shot is armed",
  unknownKind: "it does not know this kind of frame",
};

const refusalAdvice: Readonly<Partial<Record<ErrorCode, string>>> = {
  outOfRange: "Keep to the ranges in native/protocol/PROTOCOL.md.",
  wrongState: "Arm the board before each shot and wait for its end; a damaged frame or silence disarms it.",
  wrongShot: "Arm the shot that is to be fired.",
};

/** @throws RequestLost, BoardRefusal */
export async function readRegister<N extends RegisterName>(
  link: TriggerLink,
  name: N,
  patienceMs: readonly number[] = commandPatienceMs,
): Promise<RegisterReply<RegisterValues[N]>> {
  const { address } = registers[name];
  const payload = new Uint8Array(0);
  const reply = await link.request({ kind: frameKinds.read, address, payload, patienceMs, yields: false });
  return decode(name, reply, (body) => decodeRegister(name, body));
}

/** Resolves with what the register really holds now. @throws RequestLost, BoardRefusal */
export async function writeRegister<N extends RegisterName>(
  link: TriggerLink,
  name: N,
  value: RegisterValues[N],
  patienceMs: readonly number[] = commandPatienceMs,
): Promise<RegisterReply<RegisterReplies[N]>> {
  const reply = await link.request({
    kind: frameKinds.write,
    address: registers[name].address,
    payload: encodeRegister(name, value),
    patienceMs,
    yields: false,
  });
  return decode(name, reply, (body) => decodeReply(name, body));
}

/** One read of `tick` that gives way to every other request. @throws RequestLost when it did */
export async function ping(link: TriggerLink): Promise<RegisterReply<RegisterValues["tick"]>> {
  const reply = await link.request({
    kind: frameKinds.read,
    address: registers.tick.address,
    payload: new Uint8Array(0),
    patienceMs: pingPatienceMs,
    yields: true,
  });
  return decode("tick", reply, (body) => decodeRegister("tick", body));
}

function decode<Value>(
  name: RegisterName,
  { frame, attempts, sentNs, receivedNs }: LinkReply,
  decodeBody: (body: Uint8Array) => Value,
): RegisterReply<Value> {
  const { tick, body } = unlessMalformed(name, () => splitTick(frame.payload));
  if (frame.kind === frameKinds.error) {
    throw new BoardRefusal(
      name,
      unlessMalformed(name, () => decodeError(body)),
      attempts,
    );
  }
  return { value: unlessMalformed(name, () => decodeBody(body)), tick, attempts, sentNs, receivedNs };
}

/** The codec throws RangeError on a sound frame that does not follow the protocol. */
function unlessMalformed<Value>(name: RegisterName, decodeBody: () => Value): Value {
  try {
    return decodeBody();
  } catch (cause) {
    throw new WorldError("BOARD_OLD_FIRMWARE", `the trigger board's answer to \`${name}\` makes no sense`, {
      advice: "Update the board: nearfar firmware flash.",
      cause,
    });
  }
}
