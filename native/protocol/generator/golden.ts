/** Golden byte vectors for both sides of the link, with their edge values. */
import { frame } from "./framing.js";
import { type Field, fieldBytes, type Protocol, tickBytes } from "./model.js";

type FieldValue = number | string;

interface GoldenVector {
  readonly name: string;
  readonly kind: string;
  readonly seq: number;
  readonly address: number;
  /** Register or event; null where only the framing is meant. */
  readonly message: string | null;
  /** Decimal string; null in requests. */
  readonly tick: string | null;
  /** Fields by name; u48 and u64 as decimal strings, enums as their names. */
  readonly value: Record<string, FieldValue> | null;
  readonly payloadHex: string;
  readonly frameHex: string;
}

/** How a vector's bytes are chosen; `step` never repeats a byte soon, so that swapped fields show. */
const patterns = {
  zeros: () => 0x00,
  ones: () => 0xff,
  step: (index: number) => (index * 37 + 11) & 0xff,
} as const;
type Pattern = keyof typeof patterns;

interface Encoded {
  bytes: number[];
  value: Record<string, FieldValue>;
}

function encodeFields(protocol: Protocol, fields: readonly Field[], pattern: Pattern): Encoded {
  const bytes: number[] = [];
  const value: Record<string, FieldValue> = {};
  for (const field of fields) {
    if (field.enum !== undefined) {
      const names = Object.entries(protocol.enums[field.enum] ?? {});
      const [name, number] = (pattern === "zeros" ? names[0] : names.at(-1)) ?? ["", 0];
      bytes.push(number);
      value[field.name] = name;
      continue;
    }
    let number = 0n;
    for (let i = 0; i < fieldBytes[field.type]; i++) {
      const byte = patterns[pattern](bytes.length);
      number |= BigInt(byte) << BigInt(8 * i);
      bytes.push(byte);
    }
    value[field.name] = fieldBytes[field.type] > 4 ? number.toString() : Number(number);
  }
  return { bytes, value };
}

const ticks: Record<Pattern, bigint> = { zeros: 0n, ones: 2n ** 48n - 1n, step: 0x00_12_00_ff_00_34n };

function tickOf(pattern: Pattern): number[] {
  return Array.from({ length: tickBytes }, (_, i) => Number((ticks[pattern] >> BigInt(8 * i)) & 0xffn));
}

class VectorList {
  readonly vectors: GoldenVector[] = [];
  readonly #protocol: Protocol;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  /** `tick` null: a request. `fields` null: no value. */
  add(
    kind: string,
    address: number,
    message: string | null,
    fields: readonly Field[] | null,
    pattern: Pattern,
  ): void {
    const { bytes, value } = encodeFields(this.#protocol, fields ?? [], pattern);
    const isRequest = kind === "read" || kind === "write";
    this.raw({
      name: `${kind} ${message ?? address} (${pattern})`,
      kind,
      address,
      message,
      tick: isRequest ? null : ticks[pattern].toString(),
      value: fields === null ? null : value,
      payload: isRequest ? bytes : [...tickOf(pattern), ...bytes],
    });
  }

  raw(vector: Omit<GoldenVector, "seq" | "payloadHex" | "frameHex"> & { payload: number[] }): void {
    const { payload, ...rest } = vector;
    const seq = (this.vectors.length * 5) & 0xff;
    const kind = this.#protocol.frame.kinds[vector.kind];
    if (kind === undefined) throw new Error(`no such frame kind: ${vector.kind}`);
    const frameHex = hexOf(frame(kind.value, seq, vector.address, payload));
    this.vectors.push({ ...rest, seq, payloadHex: hexOf(payload), frameHex });
  }
}

function hexOf(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function goldenVectors(protocol: Protocol): GoldenVector[] {
  const list = new VectorList(protocol);
  const all: readonly Pattern[] = ["zeros", "ones", "step"];
  for (const { name, address, access, fields, reply } of protocol.registers) {
    if (access !== "w") list.add("read", address, name, null, "step");
    for (const pattern of all) {
      if (access !== "r") list.add("write", address, name, fields, pattern);
      if (access !== "w") list.add("readReply", address, name, fields, pattern);
      if (access !== "r") list.add("writeReply", address, name, reply ?? fields, pattern);
      if (access !== "w") list.add("dump", address, name, fields, pattern);
    }
  }
  for (const { name, address, fields } of protocol.events) {
    for (const pattern of all) list.add("event", address, name, fields, pattern);
  }
  addErrors(list, protocol);
  addLongest(list, protocol);
  return list.vectors;
}

function addErrors(list: VectorList, protocol: Protocol): void {
  for (const [code, number] of Object.entries(protocol.enums.errorCode ?? {})) {
    list.raw({
      name: `error ${code}`,
      kind: "error",
      address: 0x27,
      message: null,
      tick: ticks.step.toString(),
      value: { code },
      payload: [...tickOf("step"), number],
    });
  }
}

function addLongest(list: VectorList, protocol: Protocol): void {
  for (const pattern of Object.keys(patterns) as Pattern[]) {
    const payload = Array.from({ length: protocol.frame.maxPayloadBytes }, (_, i) => patterns[pattern](i));
    list.raw({
      name: `longest frame (${pattern})`,
      kind: "write",
      address: 0xff,
      message: null,
      tick: null,
      value: null,
      payload,
    });
  }
}

export function writeGoldenJson(protocol: Protocol): string {
  const lines = goldenVectors(protocol).map((vector) => `    ${JSON.stringify(vector)}`);
  return `{
  "format": "nearfar-trigger-golden",
  "version": 1,
  "about": "Generated by generate.ts; frames are COBS + CRC-16 with their closing zero, in hex.",
  "vectors": [
${lines.join(",\n")}
  ]
}
`;
}

/** The same vectors for the firmware's host tests, which have no JSON reader. */
export function writeGoldenHeader(protocol: Protocol): string {
  const lines = goldenVectors(protocol).map(
    (v) =>
      `    {"${v.name}", 0x${protocol.frame.kinds[v.kind]?.value.toString(16)}, ${v.seq}, ${v.address}, "${v.payloadHex}", "${v.frameHex}"},`,
  );
  return `/* Generated by native/protocol/generate.ts from trigger.yml; do not edit. */
/* Golden frames for host tests: payload and whole frame in hex. */
#ifndef NEARFAR_GOLDEN_H
#define NEARFAR_GOLDEN_H

struct nf_golden_vector {
    const char *name;
    unsigned kind, seq, address;
    const char *payload_hex;
    const char *frame_hex;
};

static const struct nf_golden_vector nf_golden[] = {
${lines.join("\n")}
};

#endif
`;
}
