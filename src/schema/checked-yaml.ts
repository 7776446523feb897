/**
 * YAML text → checked value, or every problem at once with its line. Pure; runs in a browser.
 */
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import {
  describeAllowed,
  type FieldPath,
  knownKeys,
  type SchemaNode,
  schemaAt,
  schemaTree,
} from "./allowed.js";
import { nearestKey } from "./nearest-key.js";

export interface YamlProblem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** E.g. `near.mount.rotationDeg`, `distancesMm[2]`; empty for the file as a whole. */
  readonly field: string;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

export type CheckedYaml<T> =
  | { readonly ok: true; readonly value: T }
  /** Sorted by line. */
  | { readonly ok: false; readonly problems: readonly YamlProblem[] };

export function parseCheckedYaml<T>(text: string, schema: z.ZodType<T>): CheckedYaml<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      ...position(lines, error.pos[0]),
      field: "",
      message: `not valid YAML: ${error.message}`,
    }));
    return { ok: false, problems: sorted(problems) };
  }
  const value: unknown = document.toJS();
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const tree = schemaTree(schema);
  const problems = parsed.error.issues.flatMap((issue) =>
    problemsOfIssue(issue, value, tree).map((problem) => ({
      ...position(lines, offsetOf(document, problem.path, problem.atKey)),
      field: fieldName(problem.path),
      message: problem.message,
    })),
  );
  return { ok: false, problems: sorted(problems) };
}

interface LocatedProblem {
  readonly path: FieldPath;
  /** Points at the key rather than at its value. */
  readonly atKey: boolean;
  readonly message: string;
}

function problemsOfIssue(
  issue: z.core.$ZodIssue,
  value: unknown,
  tree: SchemaNode,
): readonly LocatedProblem[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(tree, path);
    return issue.keys.map((key) => ({ path: [...path, key], atKey: true, message: unknownKey(key, known) }));
  }
  if (issue.code === "custom") return [{ path, atKey: false, message: issue.message }];
  const node = schemaAt(tree, path);
  const found = valueAt(value, path);
  const allowed = node === null ? issue.message : describeAllowed(node);
  if (found === undefined) return [{ path, atKey: false, message: `is missing; give ${allowed}` }];
  const hint = issue.code === "invalid_format" ? issue.message : allowed;
  const quotes = node?.type === "string" && typeof found === "number" ? " (put it in quotes)" : "";
  return [{ path, atKey: false, message: `is ${printed(found)}; allowed is ${hint}${quotes}` }];
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestKey(key, known);
  const meant = near === null ? "" : `; did you mean \`${near}\`?`;
  return `is not known here${meant} Known: ${known.join(", ")}`;
}

function printed(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "a group of fields";
  return JSON.stringify(value);
}

function valueAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((inside, step) => {
    if (typeof inside !== "object" || inside === null) return undefined;
    return (inside as Readonly<Record<string | number, unknown>>)[step];
  }, value);
}

function fieldName(path: FieldPath): string {
  return path.reduce<string>((name, step) => {
    if (typeof step === "number") return `${name}[${step}]`;
    return name === "" ? step : `${name}.${step}`;
  }, "");
}

/** Where the value at `path` begins; for a missing one, where its nearest parent does. */
function offsetOf(document: Document.Parsed, path: FieldPath, atKey: boolean): number {
  if (atKey) {
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && keyText(item.key) === path.at(-1))
      : null;
    if (isNode(pair?.key)) return pair.key.range?.[0] ?? 0;
  }
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function position(lines: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function sorted(problems: readonly YamlProblem[]): readonly YamlProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
