/** Fills the tables of PROTOCOL.md between their marker comments. */
import { type Field, type Protocol, sizeOf } from "./model.js";

const hex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(2, "0")}`;
const escapeCell = (text: string): string => text.replaceAll("|", "\\|");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function describeField(field: Field): string {
  const parts = [`\`${field.name}\` ${field.type}`];
  if (field.constant !== undefined) parts.push(`= ${hex(field.constant)}`);
  if (field.enum !== undefined) parts.push(`(${field.enum})`);
  if (field.bits !== undefined) parts.push(`(bits ${field.bits})`);
  if (field.min !== undefined) {
    parts.push(field.min === field.max ? `= ${field.min}` : `${field.min}…${field.max}`);
  }
  if (field.default !== undefined) parts.push(`[${field.default}]`);
  if (field.unit !== undefined && field.unit !== "tick") parts.push(field.unit);
  return parts.join(" ");
}

const describeFields = (fields: readonly Field[]): string => fields.map(describeField).join(", ");

function tables(protocol: Protocol): Record<string, string> {
  const frames = Object.entries(protocol.frame.kinds).map(([name, k]) => [hex(k.value), name, k.description]);
  const registers = protocol.registers.map((r) => [
    hex(r.address),
    r.name,
    r.access,
    String(sizeOf(r.fields)),
    describeFields(r.fields) + (r.reply === undefined ? "" : `; reply: ${describeFields(r.reply)}`),
    r.description,
  ]);
  const events = protocol.events.map((e) => [
    hex(e.address),
    e.name,
    String(sizeOf(e.fields)),
    describeFields(e.fields),
    e.description,
  ]);
  const listOf = (entries: Record<string, number>): string =>
    Object.entries(entries)
      .map(([name, value]) => `${value} ${name}`)
      .join(", ");
  const enums = [
    ...Object.entries(protocol.enums).map(([name, values]) => [name, "value", listOf(values)]),
    ...Object.entries(protocol.bits).map(([name, values]) => [name, "bit", listOf(values)]),
  ];
  const pins = Object.entries(protocol.pins).map(([name, p]) => [
    name,
    `P${p.port}${p.bit}`,
    p.arduino,
    p.note ?? "",
  ]);
  const eeprom = Object.entries(protocol.eeprom).map(([name, offset]) => [String(offset), name]);
  return {
    frames: table(["kind", "name", "meaning"], frames),
    registers: table(
      ["address", "name", "access", "bytes", "fields: type, range, [default]", "meaning"],
      registers,
    ),
    events: table(["address", "name", "bytes", "fields", "meaning"], events),
    enums: table(["name", "counts", "values"], enums),
    pins: table(["signal", "pin", "Arduino", "note"], pins),
    eeprom: table(["offset", "content"], eeprom),
  };
}

/** Throws when a marker pair is missing, so that no table silently drops out of the document. */
export function insertTables(document: string, protocol: Protocol): string {
  let text = document;
  for (const [name, content] of Object.entries(tables(protocol))) {
    const open = `<!-- generated: ${name} -->`;
    const close = `<!-- end: ${name} -->`;
    const start = text.indexOf(open);
    const end = text.indexOf(close);
    if (start < 0 || end < start) throw new Error(`PROTOCOL.md lacks the markers of \`${name}\``);
    text = `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`;
  }
  return text;
}
