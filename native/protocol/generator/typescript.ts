/** Writes the dependency-free TypeScript codec. */
import { type Field, layout, type Protocol, pascal, sizeOf } from "./model.js";
import { typescriptRuntime } from "./typescript-runtime.js";

const readers = {
  u8: (o: number) => `view.getUint8(${o})`,
  u16: (o: number) => `view.getUint16(${o}, true)`,
  u32: (o: number) => `view.getUint32(${o}, true)`,
  u48: (o: number) => `readU48(view, ${o})`,
  u64: (o: number) => `view.getBigUint64(${o}, true)`,
} as const;

function fieldTypeName(field: Field): string {
  if (field.enum !== undefined) return pascal(field.enum);
  return field.type === "u48" || field.type === "u64" ? "bigint" : "number";
}

function interfaceOf(name: string, fields: readonly Field[], comment: string): string {
  const members = fields.map((field) => {
    const note = field.unit === undefined ? "" : `  /** ${field.unit} */\n`;
    return `${note}  readonly ${field.name}: ${fieldTypeName(field)};`;
  });
  return `/** ${comment} */\nexport interface ${name} {\n${members.join("\n")}\n}\n`;
}

function decodeExpression(field: Field, offset: number): string {
  const raw = readers[field.type](offset);
  return field.enum === undefined ? raw : `enumName("${field.enum}", ${raw})`;
}

function encodeStatement(field: Field, offset: number): string {
  const value = `value.${field.name}`;
  const raw = field.enum === undefined ? value : `enums.${field.enum}[${value}]`;
  return `    write${pascal(field.type)}(view, ${offset}, ${raw}, "${field.name}");`;
}

function codecOf(label: string, typeName: string, fields: readonly Field[]): string {
  const size = sizeOf(fields);
  const placed = layout(fields);
  const decoded = placed.map(
    ({ field, offset }) => `      ${field.name}: ${decodeExpression(field, offset)},`,
  );
  return `{
  sizeBytes: ${size},
  decode(bytes: Uint8Array): ${typeName} {
    const view = viewOf(bytes, ${size}, "${label}");
    return {
${decoded.join("\n")}
    };
  },
  encode(value: ${typeName}): Uint8Array {
    const bytes = new Uint8Array(${size});
    const view = new DataView(bytes.buffer);
${placed.map(({ field, offset }) => encodeStatement(field, offset)).join("\n")}
    return bytes;
  },
}`;
}

function limitsOf(fields: readonly Field[]): string {
  const entries = fields
    .filter((field) => field.min !== undefined)
    .map((field) => {
      const start = field.default === undefined ? "null" : field.default;
      return `${field.name}: { min: ${field.min}, max: ${field.max}, default: ${start} }`;
    });
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function objectOf(entries: Record<string, number>, toValue: (n: number) => string): string {
  return `{ ${Object.entries(entries)
    .map(([key, value]) => `${key}: ${toValue(value)}`)
    .join(", ")} }`;
}

function constants(protocol: Protocol): string {
  const kinds = Object.entries(protocol.frame.kinds)
    .map(([key, kind]) => `  /** ${kind.description} */\n  ${key}: ${hex(kind.value)},`)
    .join("\n");
  const enums = Object.entries(protocol.enums).map(
    ([key, values]) => `  ${key}: ${objectOf(values, String)},`,
  );
  const bits = Object.entries(protocol.bits).map(
    ([key, values]) => `  ${key}: ${objectOf(values, (bit) => hex(1 << bit))},`,
  );
  const types = Object.keys(protocol.enums).map(
    (key) => `export type ${pascal(key)} = keyof typeof enums.${key};`,
  );
  return `export const protocolVersion = { major: ${protocol.protocol.major}, minor: ${protocol.protocol.minor} } as const;
export const tickHz = ${protocol.tickHz};
export const baudRate = ${protocol.baud};
export const maxPayloadBytes = ${protocol.frame.maxPayloadBytes};

export const frameKinds = {
${kinds}
} as const;
export type FrameKind = keyof typeof frameKinds;

export const enums = {
${enums.join("\n")}
} as const;
${types.join("\n")}

/** Masks, not bit numbers. */
export const bits = {
${bits.join("\n")}
} as const;
`;
}

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(2, "0")}`;
}

function registerParts(protocol: Protocol): string {
  const interfaces: string[] = [];
  const table: string[] = [];
  const codecs: string[] = [];
  const replyCodecs: string[] = [];
  const values: string[] = [];
  const replies: string[] = [];
  for (const register of protocol.registers) {
    const typeName = `${pascal(register.name)}Register`;
    const replyName = register.reply === undefined ? typeName : `${pascal(register.name)}Reply`;
    interfaces.push(interfaceOf(typeName, register.fields, register.description));
    if (register.reply !== undefined) {
      interfaces.push(
        interfaceOf(replyName, register.reply, `What a write to \`${register.name}\` answers.`),
      );
      replyCodecs.push(
        `  ${register.name}: ${codecOf(`${register.name} reply`, replyName, register.reply)},`,
      );
    } else {
      replyCodecs.push(`  ${register.name}: registerCodecs.${register.name},`);
    }
    codecs.push(`  ${register.name}: ${codecOf(register.name, typeName, register.fields)},`);
    values.push(`  ${register.name}: ${typeName};`);
    replies.push(`  ${register.name}: ${replyName};`);
    table.push(
      `  ${register.name}: { address: ${hex(register.address)}, access: "${register.access}", limits: ${limitsOf(register.fields)} },`,
    );
  }
  return `${interfaces.join("\n")}
export interface RegisterValues {
${values.join("\n")}
}
export type RegisterName = keyof RegisterValues;

/** What the write reply of each register carries after its tick. */
export interface RegisterReplies {
${replies.join("\n")}
}

export const registers = {
${table.join("\n")}
} as const;

const registerCodecs: { readonly [N in RegisterName]: Codec<RegisterValues[N]> } = {
${codecs.join("\n")}
};

const replyCodecs: { readonly [N in RegisterName]: Codec<RegisterReplies[N]> } = {
${replyCodecs.join("\n")}
};
`;
}

function eventParts(protocol: Protocol): string {
  const interfaces = protocol.events.map((event) =>
    interfaceOf(`${pascal(event.name)}Event`, event.fields, event.description),
  );
  const values = protocol.events.map((event) => `  ${event.name}: ${pascal(event.name)}Event;`);
  const table = protocol.events.map((event) => `  ${event.name}: { address: ${hex(event.address)} },`);
  const codecs = protocol.events.map(
    (event) => `  ${event.name}: ${codecOf(event.name, `${pascal(event.name)}Event`, event.fields)},`,
  );
  return `${interfaces.join("\n")}
export interface EventValues {
${values.join("\n")}
}
export type EventName = keyof EventValues;

/** An event as the board sent it, told apart by \`name\`. */
export type DecodedEvent = {
  [N in EventName]: { readonly name: N; readonly value: EventValues[N] };
}[EventName];

export const events = {
${table.join("\n")}
} as const;

const eventCodecs: { readonly [N in EventName]: Codec<EventValues[N]> } = {
${codecs.join("\n")}
};
`;
}

export function writeTypescript(protocol: Protocol): string {
  return `// Generated by native/protocol/generate.ts from trigger.yml; do not edit.
/**
 * Codec of the trigger board's registers and events. All \`bytes\` are values without the tick
 * that leads every payload from the board: take that off first with \`splitTick\`.
 * Decoding throws RangeError on a wrong length or an unknown enum value; encoding on a value
 * that does not fit its field.
 */

${constants(protocol)}
${registerParts(protocol)}
${eventParts(protocol)}
${typescriptRuntime}`;
}
