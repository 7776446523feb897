/** The part of the TypeScript codec that does not depend on the register map. */
export const typescriptRuntime = `interface Codec<T> {
  readonly sizeBytes: number;
  decode(bytes: Uint8Array): T;
  encode(value: T): Uint8Array;
}

/** Value of a register as a read reply or a dump frame carries it. */
export function decodeRegister<N extends RegisterName>(name: N, bytes: Uint8Array): RegisterValues[N] {
  return registerCodecs[name].decode(bytes);
}

/** Payload of a write request. Limits are the board's to enforce; see \`registers\`. */
export function encodeRegister<N extends RegisterName>(name: N, value: RegisterValues[N]): Uint8Array {
  return registerCodecs[name].encode(value);
}

/** Value of a write reply: what the register really holds now, or its own \`reply\` fields. */
export function decodeReply<N extends RegisterName>(name: N, bytes: Uint8Array): RegisterReplies[N] {
  return replyCodecs[name].decode(bytes);
}

export function encodeReply<N extends RegisterName>(name: N, value: RegisterReplies[N]): Uint8Array {
  return replyCodecs[name].encode(value);
}

/** Throws RangeError when no event has this address. */
export function decodeEvent(address: number, bytes: Uint8Array): DecodedEvent {
  const name = eventNames.get(address);
  if (name === undefined) throw new RangeError(\`no event has address \${address}\`);
  return { name, value: eventCodecs[name].decode(bytes) } as DecodedEvent;
}

export function encodeEvent<N extends EventName>(name: N, value: EventValues[N]): Uint8Array {
  return eventCodecs[name].encode(value);
}

/** Name of the register at this address, or undefined. */
export function registerAt(address: number): RegisterName | undefined {
  return registerNames.get(address);
}

export const tickSizeBytes = 6;

/** Takes the leading tick off a payload that came from the board. */
export function splitTick(payload: Uint8Array): { readonly tick: bigint; readonly body: Uint8Array } {
  if (payload.length < tickSizeBytes) {
    throw new RangeError(\`a payload from the board has \${payload.length} bytes, too few for its tick\`);
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { tick: readU48(view, 0), body: payload.subarray(tickSizeBytes) };
}

/** Body (without tick) of an error frame. */
export function decodeError(bytes: Uint8Array): ErrorCode {
  return enumName("errorCode", viewOf(bytes, 1, "error").getUint8(0));
}

const registerNames = new Map<number, RegisterName>(
  Object.entries(registers).map(([name, { address }]) => [address, name as RegisterName]),
);
const eventNames = new Map<number, EventName>(
  Object.entries(events).map(([name, { address }]) => [address, name as EventName]),
);

function enumName<E extends keyof typeof enums>(kind: E, value: number): keyof (typeof enums)[E] {
  for (const [name, number] of Object.entries(enums[kind])) {
    if (number === value) return name as keyof (typeof enums)[E];
  }
  throw new RangeError(\`\${kind} has no value \${value}\`);
}

function viewOf(bytes: Uint8Array, sizeBytes: number, label: string): DataView {
  if (bytes.length !== sizeBytes) {
    throw new RangeError(\`\${label} has \${bytes.length} bytes instead of \${sizeBytes}\`);
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readU48(view: DataView, offset: number): bigint {
  return (BigInt(view.getUint16(offset + 4, true)) << 32n) | BigInt(view.getUint32(offset, true));
}

function checked(value: number, bitCount: number, label: string): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bitCount) {
    throw new RangeError(\`\${label} is \${value}, not an unsigned \${bitCount}-bit integer\`);
  }
  return value;
}

function writeU8(view: DataView, offset: number, value: number, label: string): void {
  view.setUint8(offset, checked(value, 8, label));
}

function writeU16(view: DataView, offset: number, value: number, label: string): void {
  view.setUint16(offset, checked(value, 16, label), true);
}

function writeU32(view: DataView, offset: number, value: number, label: string): void {
  view.setUint32(offset, checked(value, 32, label), true);
}

function writeU48(view: DataView, offset: number, value: bigint, label: string): void {
  if (BigInt.asUintN(48, value) !== value) throw new RangeError(\`\${label} is \${value}, not an unsigned 48-bit integer\`);
  view.setUint32(offset, Number(value & 0xffffffffn), true);
  view.setUint16(offset + 4, Number(value >> 32n), true);
}

function writeU64(view: DataView, offset: number, value: bigint, label: string): void {
  if (BigInt.asUintN(64, value) !== value) throw new RangeError(\`\${label} is \${value}, not an unsigned 64-bit integer\`);
  view.setBigUint64(offset, value, true);
}
`;
