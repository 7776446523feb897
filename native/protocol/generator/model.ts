/** Reads trigger.yml into a checked, laid-out model that every writer shares. */
import { parse } from "yaml";
import { z } from "zod";

const byte = z.int().min(0).max(255);
const name = z.string().regex(/^[a-z][A-Za-z0-9]*$/, "lower camel case");

export const fieldBytes = { u8: 1, u16: 2, u32: 4, u48: 6, u64: 8 } as const;
export type FieldType = keyof typeof fieldBytes;

const fieldSchema = z.strictObject({
  name,
  type: z.enum(["u8", "u16", "u32", "u48", "u64"]),
  unit: z.string().optional(),
  enum: name.optional(),
  bits: name.optional(),
  constant: z.int().min(0).optional(),
  min: z.int().min(0).optional(),
  max: z.int().min(0).optional(),
  default: z.int().min(0).optional(),
});
export type Field = z.infer<typeof fieldSchema>;

const registerSchema = z.strictObject({
  name,
  address: byte,
  access: z.enum(["r", "w", "rw"]),
  fields: z.array(fieldSchema).min(1),
  /** Value of the write reply where it is not the register's own. */
  reply: z.array(fieldSchema).min(1).optional(),
  description: z.string(),
});
export type Register = z.infer<typeof registerSchema>;

const eventSchema = z.strictObject({
  name,
  address: byte,
  fields: z.array(fieldSchema).min(1),
  description: z.string(),
});
export type BoardEvent = z.infer<typeof eventSchema>;

const pinSchema = z.strictObject({
  port: z.enum(["B", "C", "D"]),
  bit: z.int().min(0).max(7),
  arduino: z.string(),
  note: z.string().optional(),
});

const protocolSchema = z.strictObject({
  protocol: z.strictObject({ major: byte, minor: byte }),
  tickHz: z.int().positive(),
  baud: z.int().positive(),
  frame: z.strictObject({
    maxPayloadBytes: byte,
    kinds: z.record(name, z.strictObject({ value: byte, description: z.string() })),
  }),
  enums: z.record(name, z.record(name, byte)),
  bits: z.record(name, z.record(name, z.int().min(0).max(7))),
  registers: z.array(registerSchema),
  events: z.array(eventSchema),
  eeprom: z.record(name, z.int().min(0)),
  pins: z.record(name, pinSchema),
});
export type Protocol = z.infer<typeof protocolSchema>;

/** Every frame from the board starts its payload with a tick of this many bytes. */
export const tickBytes = fieldBytes.u48;

export function sizeOf(fields: readonly Field[]): number {
  return fields.reduce((sum, field) => sum + fieldBytes[field.type], 0);
}

/** Fields with their byte offsets; there is no padding on the wire. */
export function layout(fields: readonly Field[]): { field: Field; offset: number }[] {
  let offset = 0;
  return fields.map((field) => {
    const placed = { field, offset };
    offset += fieldBytes[field.type];
    return placed;
  });
}

/** `nearTicks` → `NearTicks`. */
export function pascal(camel: string): string {
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** `nearTicks` → `near_ticks`. */
export function snake(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `nearTicks` → `NEAR_TICKS`. */
export function screaming(camel: string): string {
  return snake(camel).toUpperCase();
}

export function readProtocol(text: string): Protocol {
  const protocol = protocolSchema.parse(parse(text));
  const problems = [...findDuplicates(protocol), ...findBadFields(protocol)];
  if (problems.length > 0) throw new Error(`trigger.yml: ${problems.join("; ")}`);
  return protocol;
}

function findDuplicates(protocol: Protocol): string[] {
  const problems: string[] = [];
  const addresses = new Map<number, string>();
  for (const entry of [...protocol.registers, ...protocol.events]) {
    const holder = addresses.get(entry.address);
    if (holder !== undefined) problems.push(`${entry.name} and ${holder} share an address`);
    addresses.set(entry.address, entry.name);
  }
  for (const group of [protocol.registers, protocol.events]) {
    if (new Set(group.map((entry) => entry.name)).size < group.length) problems.push("a name is used twice");
  }
  return problems;
}

function findBadFields(protocol: Protocol): string[] {
  const problems: string[] = [];
  const check = (owner: string, fields: readonly Field[]): void => {
    if (tickBytes + sizeOf(fields) > protocol.frame.maxPayloadBytes) problems.push(`${owner} is too long`);
    for (const field of fields) {
      const label = `${owner}.${field.name}`;
      if (field.enum !== undefined && !(field.enum in protocol.enums))
        problems.push(`${label}: no such enum`);
      if (field.bits !== undefined && !(field.bits in protocol.bits)) problems.push(`${label}: no such bits`);
      if ((field.min === undefined) !== (field.max === undefined)) problems.push(`${label}: min without max`);
      const limit = 2 ** (8 * Math.min(fieldBytes[field.type], 4)) - 1;
      const { min = 0, max = limit, default: start = min } = field;
      if (max > limit || start < min || start > max) problems.push(`${label}: limits do not fit`);
    }
  };
  for (const register of protocol.registers) {
    check(register.name, register.fields);
    check(`${register.name} reply`, register.reply ?? []);
  }
  for (const event of protocol.events) check(event.name, event.fields);
  return problems;
}
