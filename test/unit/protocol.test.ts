import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  decodeError,
  decodeEvent,
  decodeRegister,
  decodeReply,
  type EventName,
  type EventValues,
  encodeEvent,
  encodeRegister,
  encodeReply,
  enums,
  events,
  frameKinds,
  maxPayloadBytes,
  type RegisterName,
  type RegisterValues,
  registerAt,
  registers,
  splitTick,
  tickSizeBytes,
} from "../../src/devices/trigger/generated/protocol.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

const vectorSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(Object.keys(frameKinds) as [keyof typeof frameKinds]),
  seq: z.int(),
  address: z.int(),
  message: z.string().nullable(),
  tick: z.string().nullable(),
  value: z.record(z.string(), z.union([z.number(), z.string()])).nullable(),
  payloadHex: z.string(),
  frameHex: z.string(),
});
type Vector = z.infer<typeof vectorSchema>;

const golden = z
  .object({ vectors: z.array(vectorSchema) })
  .parse(JSON.parse(readFileSync(`${root}native/protocol/golden.json`, "utf8")));

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** golden.json writes u48 and u64 as decimal strings; enum values are no numbers. */
function plain(value: object): Vector["value"] {
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    typeof field === "bigint" ? field.toString() : field,
  ]);
  return Object.fromEntries(fields);
}

function fromPlain(value: NonNullable<Vector["value"]>): object {
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    typeof field === "string" && /^\d+$/.test(field) ? BigInt(field) : field,
  ]);
  return Object.fromEntries(fields);
}

/** Undoes the framing of a whole frame; the CRC is the firmware tests' and the client's to check. */
function unframe(frame: Uint8Array): Uint8Array {
  const message: number[] = [];
  for (let at = 0; at < frame.length - 1; ) {
    const code = frame[at] as number;
    message.push(...frame.subarray(at + 1, at + code));
    at += code;
    if (at < frame.length - 1) message.push(0);
  }
  return Uint8Array.from(message);
}

function decodeBody(vector: Vector, body: Uint8Array): object {
  if (vector.kind === "error") return { code: decodeError(body) };
  if (vector.kind === "event") return decodeEvent(vector.address, body).value;
  const name = vector.message as RegisterName;
  return vector.kind === "writeReply" ? decodeReply(name, body) : decodeRegister(name, body);
}

function encodeBody(vector: Vector, value: object): Uint8Array {
  if (vector.kind === "error")
    return Uint8Array.of(enums.errorCode[(value as { code: keyof typeof enums.errorCode }).code]);
  if (vector.kind === "event") {
    return encodeEvent(vector.message as EventName, value as EventValues[EventName]);
  }
  const name = vector.message as RegisterName;
  // A `fire` reply has fields of its own; the name picks the right codec at run time.
  if (vector.kind === "writeReply") return encodeReply(name, value as never);
  return encodeRegister(name, value as RegisterValues[RegisterName]);
}

describe("generated protocol files", () => {
  it("are not stale", () => {
    const tsx = `${root}node_modules/.bin/tsx`;
    execFileSync(tsx, [`${root}native/protocol/generate.ts`, "--check"], { stdio: "pipe" });
  });

  it("give every register and event an address of its own", () => {
    const addresses = [...Object.values(registers), ...Object.values(events)].map((entry) => entry.address);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(registerAt(registers.fire.address)).toBe("fire");
    expect(registerAt(events.fired.address)).toBeUndefined();
  });
});

describe("golden vectors", () => {
  it.each(golden.vectors)("$name", (vector) => {
    const message = unframe(bytesOf(vector.frameHex));
    expect(hexOf(message.subarray(0, 3))).toBe(
      hexOf(Uint8Array.of(frameKinds[vector.kind], vector.seq, vector.address)),
    );
    const payload = message.subarray(3, -2);
    expect(hexOf(payload)).toBe(vector.payloadHex);
    if (vector.value === null) return;
    const { tick, body } = vector.tick === null ? { tick: null, body: payload } : splitTick(payload);
    expect(tick === null ? null : tick.toString()).toBe(vector.tick);
    expect(plain(decodeBody(vector, body))).toEqual(vector.value);
    expect(hexOf(encodeBody(vector, fromPlain(vector.value)))).toBe(hexOf(body));
  });

  it("cover every register, event and error code and the longest frame", () => {
    const seen = (kinds: string[]): Set<string | null> =>
      new Set(golden.vectors.filter((vector) => kinds.includes(vector.kind)).map((vector) => vector.message));
    for (const name of Object.keys(registers)) expect(seen(["readReply", "writeReply"])).toContain(name);
    for (const name of Object.keys(events)) expect(seen(["event"])).toContain(name);
    const errors = golden.vectors
      .filter((vector) => vector.kind === "error")
      .map((vector) => vector.value?.code);
    expect(errors).toEqual(Object.keys(enums.errorCode));
    expect(Math.max(...golden.vectors.map((vector) => vector.payloadHex.length / 2))).toBe(maxPayloadBytes);
  });
});

describe("codec", () => {
  it("refuses a wrong length", () => {
    expect(() => decodeRegister("delay", new Uint8Array(7))).toThrow(RangeError);
    expect(() => decodeRegister("delay", new Uint8Array(9))).toThrow(RangeError);
    expect(() => decodeEvent(events.done.address, new Uint8Array(3))).toThrow(RangeError);
    expect(() => splitTick(new Uint8Array(tickSizeBytes - 1))).toThrow(RangeError);
  });

  it("refuses unknown enum values and events", () => {
    expect(() => decodeRegister("state", Uint8Array.of(9))).toThrow(RangeError);
    expect(() => decodeError(Uint8Array.of(0))).toThrow(RangeError);
    expect(() => decodeEvent(0x7f, new Uint8Array(4))).toThrow(RangeError);
  });

  it.each([-1, 1.5, 2 ** 32, Number.NaN])("refuses %d in a u32", (nearTicks) => {
    expect(() => encodeRegister("delay", { nearTicks, farTicks: 0 })).toThrow(RangeError);
  });

  it.each([-1n, 2n ** 64n])("refuses %d in a u64", (id) => {
    expect(() => encodeRegister("boardId", { id })).toThrow(RangeError);
  });

  it("decodes a part of a larger buffer in place", () => {
    const large = Uint8Array.of(9, 9, 1, 0, 0, 0, 2, 0, 0, 0, 9);
    expect(decodeRegister("delay", large.subarray(2, 10))).toEqual({ nearTicks: 1, farTicks: 2 });
  });
});
