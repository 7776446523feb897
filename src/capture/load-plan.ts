import { type CapturePlan, capturePlanSchema } from "../schema/capture-plan.js";
import { readYamlFile } from "./yaml-file.js";

/**
 * Reads a capture plan file.
 * @throws CallerError CONFIG_NOT_FOUND, or PLAN_INVALID naming file, line, column and field of
 *   every problem.
 */
export function loadCapturePlan(path: string): Promise<CapturePlan> {
  return readYamlFile(path, capturePlanSchema, {
    noun: "capture plan",
    invalid: "PLAN_INVALID",
    notFoundAdvice: "Give the path of a plan file, or ask for a number of shots with --shots.",
  });
}
