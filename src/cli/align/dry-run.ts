/** What a run would do, without doing it. */
import { alignmentInputOf } from "../../alignment/input/alignment-input-of.js";
import type { PairInput } from "../../alignment/pair-input.js";
import { findWholeAlignment } from "../../alignment/run/align-shots.js";
import { NearfarError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { ShotRecord } from "../../schema/records.js";
import type { Services } from "../services.js";
import { shotName } from "./aligned-text.js";
import type { PlanPair } from "./run-store.js";

interface DryRun {
  readonly shots: readonly ShotRecord[];
  readonly plan: PlanPair;
  readonly faceNets: readonly string[];
  readonly json: boolean;
}

type Prospect =
  | { readonly state: "to-align" | "already-there"; readonly input: PairInput }
  | { readonly state: "would-fail"; readonly error: NearfarError };

/** A line for each pair and a count. Nothing is written, no pixel is read. */
export async function dryRun(services: Services, dataset: Dataset, run: DryRun): Promise<void> {
  const counts = { "to-align": 0, "already-there": 0, "would-fail": 0 };
  for (const shot of run.shots) {
    const prospect = await prospectOf(dataset, shot, run);
    counts[prospect.state] += 1;
    const line = run.json ? JSON.stringify(jsonOf(shot, prospect)) : textOf(shot, prospect);
    services.terminal.print(line);
  }
  const total = {
    pairs: run.shots.length,
    toAlign: counts["to-align"],
    alreadyThere: counts["already-there"],
    wouldFail: counts["would-fail"],
  };
  services.terminal.print(
    run.json
      ? JSON.stringify({ type: "dry-run-summary", ...total })
      : `${total.pairs} pairs: ${total.toAlign} to align, ${total.alreadyThere} there already, ${total.wouldFail} would fail`,
  );
}

async function prospectOf(dataset: Dataset, shot: ShotRecord, { plan, faceNets }: DryRun): Promise<Prospect> {
  try {
    const { input, parameters } = await plan(shot);
    const made = alignmentInputOf(input, parameters, faceNets);
    const there = await findWholeAlignment(dataset, shot.shotId, made);
    return { state: there === null ? "to-align" : "already-there", input };
  } catch (error) {
    if (!(error instanceof NearfarError)) throw error;
    return { state: "would-fail", error };
  }
}

function jsonOf({ shotId }: ShotRecord, prospect: Prospect): object {
  const head = { type: "dry-run", shotId, state: prospect.state };
  if (prospect.state === "would-fail") {
    const { code, message, advice } = prospect.error;
    return { ...head, code, message, advice };
  }
  return { ...head, ...madeWith(prospect.input) };
}

function textOf({ shotId, distanceMm }: ShotRecord, prospect: Prospect): string {
  const name = `${shotName(shotId)} ${String(distanceMm).padStart(4)} mm`;
  if (prospect.state === "would-fail") {
    return `${name}  would fail ${prospect.error.code}: ${prospect.error.message}`;
  }
  const { pair, stopMm, color } = madeWith(prospect.input);
  const geometry = pair === null ? "homography of a reference pair" : `${pair} at ${stopMm} mm`;
  return `${name}  ${prospect.state === "to-align" ? "to align" : "already there"}  by ${geometry}, ${color ?? "no color calibration"}`;
}

function madeWith({ geometry, color, expired }: PairInput) {
  return {
    pair: geometry?.record.calibrationId ?? null,
    stopMm: geometry?.record.stops[geometry.stopIndex]?.distanceMm ?? null,
    color: color?.record.calibrationId ?? null,
    expired,
  };
}
