/** Says in words what a zod schema allows at a path, from its JSON Schema. */
import { z } from "zod";

/** The parts of JSON Schema that zod writes for the schemas of this folder. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly prefixItems?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
}

export type FieldPath = readonly (string | number)[];

export function schemaTree(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SchemaNode;
}

/** The node that governs `path`; null where the schema knows no such field. */
export function schemaAt(root: SchemaNode, path: FieldPath): SchemaNode | null {
  let node: SchemaNode | undefined = root;
  for (const step of path) {
    const inside: readonly SchemaNode[] = node.anyOf ?? [node];
    node = inside.map((option) => child(option, step)).find((found) => found !== undefined);
    if (node === undefined) return null;
  }
  return node;
}

function child(node: SchemaNode, step: string | number): SchemaNode | undefined {
  if (typeof step === "number") return node.prefixItems?.[step] ?? node.items;
  return node.properties?.[step];
}

export function knownKeys(root: SchemaNode, path: FieldPath): readonly string[] {
  const node = schemaAt(root, path);
  const options = node?.anyOf ?? (node === null ? [] : [node]);
  return options.flatMap((option) => Object.keys(option.properties ?? {}));
}

/** E.g. `a number from 0 to 48`, `one of "near", "far"`, `true or false`. */
export function describeAllowed(node: SchemaNode): string {
  if (node.anyOf !== undefined) {
    const constants = node.anyOf.map((option) => option.const);
    if (constants.every((value) => value !== undefined)) return oneOf(constants);
    return node.anyOf.map(describeAllowed).join(" or ");
  }
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return oneOf(node.enum);
  return describeType(node);
}

function oneOf(values: readonly unknown[]): string {
  return `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
}

function describeType(node: SchemaNode): string {
  switch (node.type) {
    case "integer":
      return `a whole number${describeRange(node)}`;
    case "number":
      return `a number${describeRange(node)}`;
    case "boolean":
      return "true or false";
    case "string":
      return `a text${node.maxLength === undefined ? "" : ` of at most ${node.maxLength} characters`}`;
    case "array":
      return `a list${(node.minItems ?? 0) > 0 ? ` of at least ${node.minItems}` : ""}`;
    case "object":
      return `a group of ${Object.keys(node.properties ?? {}).join(", ")}`;
    case "null":
      return "null";
    default:
      return "another value";
  }
}

function describeRange(node: SchemaNode): string {
  // zod writes the limits of a safe integer where no limit was asked for.
  const asked = (limit: number | undefined): limit is number =>
    limit !== undefined && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;
  const from = asked(node.minimum) ? node.minimum : null;
  const above = asked(node.exclusiveMinimum) ? node.exclusiveMinimum : null;
  const to = asked(node.maximum) ? node.maximum : null;
  const lower = from !== null ? ` from ${from}` : above !== null ? ` above ${above}` : "";
  if (to === null) return from !== null ? `${lower} up` : lower;
  if (lower === "") return ` up to ${to}`;
  return `${lower}${from !== null ? " to" : " up to"} ${to}`;
}
