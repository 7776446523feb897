/** Reads one YAML file and checks it against a schema; all its problems become one error. */
import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { CallerError, type ErrorCode } from "../base/errors.js";
import { parseCheckedYaml, type YamlProblem } from "../schema/checked-yaml.js";

export interface YamlFileKind {
  /** E.g. `rig config`; for messages. */
  readonly noun: string;
  readonly invalid: ErrorCode;
  /** What to do when the file is not there. */
  readonly notFoundAdvice: string;
}

/**
 * @throws CallerError CONFIG_NOT_FOUND when there is no readable file, `kind.invalid` with every
 *   problem as `file:line:column: field: message`, one a line.
 */
export async function readYamlFile<T>(path: string, schema: z.ZodType<T>, kind: YamlFileKind): Promise<T> {
  const checked = parseCheckedYaml(await readText(path, kind), schema);
  if (checked.ok) return checked.value;
  const lines = checked.problems.map((problem) => describeProblem(path, problem));
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  throw new CallerError(kind.invalid, `${count} in the ${kind.noun}:\n${lines.join("\n")}`, {
    advice: `Correct the lines named in ${path} and try again.`,
  });
}

async function readText(path: string, kind: YamlFileKind): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CallerError("CONFIG_NOT_FOUND", `cannot read the ${kind.noun} ${path}: ${why}`, {
      advice: kind.notFoundAdvice,
      cause,
    });
  }
}

function describeProblem(path: string, problem: YamlProblem): string {
  const field = problem.field === "" ? "" : `${problem.field}: `;
  return `${path}:${problem.line}:${problem.column}: ${field}${problem.message}`;
}
