/** The parts of `nearfar calibrate check`, on a rig that is ready to shoot. */
import { NearfarError } from "../../base/errors.js";
import { checkPair, type PairCheck } from "../../calibration/geometry/check/check-pair.js";
import { nullTest } from "../../calibration/geometry/check/null-test.js";
import { phantomCheck } from "../../calibration/geometry/check/phantom-check.js";
import { shootCheckViews, shootPhantom, watchBoard } from "../../calibration/rig/check-views.js";
import type { RigShooter } from "../../calibration/rig/shooter.js";
import type { Vision } from "../../native/vision.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { Gate } from "../../schema/calibration-header.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import { checkLines, nullLines, phantomLines, watchLine } from "./check-lines.js";
import type { CheckOptions, CheckPlan } from "./check-plan.js";

/** Everything that a part of the check needs. */
export interface Bench {
  readonly services: Services;
  readonly shooter: RigShooter;
  readonly vision: Vision;
  readonly signal: AbortSignal;
  readonly record: PairCalibration;
  readonly plan: CheckPlan;
  readonly options: CheckOptions;
  /** Results: a JSON line, or lines for people. */
  readonly tell: (json: object, lines: readonly string[]) => void;
}

/** @throws what the checks and the rig throw. */
export async function runChecks(bench: Bench): Promise<Gate[]> {
  const { watch, phantom, null: nullToo } = bench.options;
  if (watch) return watchPair(bench);
  const gates = phantom || nullToo ? [] : await checkOnce(bench);
  if (phantom) gates.push(...(await checkPhantom(bench)));
  if (nullToo) gates.push(...(await checkNull(bench)));
  return gates;
}

function viewOptions({ services, vision, signal, options }: Bench) {
  const onComplaint = (sentence: string): void => note(services.terminal, sentence, options.json === true);
  return { vision, signal, onComplaint };
}

async function checkOnce(bench: Bench): Promise<Gate[]> {
  const { stopMm, boards } = bench.plan;
  const sightings = await shootCheckViews(bench.shooter, stopMm, boards, viewOptions(bench));
  const found = checkPair(bench.record, stopMm, sightings);
  bench.tell({ type: "check", ...found }, checkLines(found));
  return [...found.gates];
}

/** One line a shot until Ctrl-C, which is how it is meant to end. */
async function watchPair(bench: Bench): Promise<Gate[]> {
  const { shooter, signal, record, services, plan } = bench;
  const { stopMm: distanceMm, boards } = plan;
  note(services.terminal, "One line a shot; Ctrl-C ends.", bench.options.json === true);
  try {
    for await (const sightings of watchBoard(shooter, distanceMm, boards, viewOptions(bench))) {
      const found =
        sightings.length === 0
          ? "Both cameras must see the board."
          : foundOrWhyNot(() => checkPair(record, distanceMm, sightings));
      if (typeof found === "string") bench.tell({ type: "check", distanceMm, message: found }, [found]);
      else bench.tell({ type: "check", ...found }, [watchLine(found)]);
    }
  } catch (error) {
    if (error !== signal.reason) throw error;
  }
  return [];
}

/** A frame in which the board does not do is told of, and the next one may be better. */
function foundOrWhyNot(look: () => PairCheck): PairCheck | string {
  try {
    return look();
  } catch (error) {
    if (error instanceof NearfarError && error.code === "CALIBRATION_FAILED") return error.message;
    throw error;
  }
}

async function checkPhantom(bench: Bench): Promise<Gate[]> {
  const { services, shooter, record, options, plan } = bench;
  if (plan.phantom === null) return [];
  const { stopsMm, ...phantom } = plan.phantom;
  const checks = [];
  for (const [i, distanceMm] of stopsMm.entries()) {
    services.terminal.progress(`Phantom: stop ${i + 1} of ${stopsMm.length}`);
    const seen = await shootPhantom(shooter, distanceMm, phantom, viewOptions(bench));
    const found = phantomCheck(record, distanceMm, phantom.boards, seen);
    checks.push(found);
    if (options.json) bench.tell({ type: "phantom", ...found }, []);
  }
  if (!options.json) bench.tell({}, phantomLines(checks));
  return checks.flatMap(({ gates }) => gates);
}

async function checkNull(bench: Bench): Promise<Gate[]> {
  const { record, shooter, plan } = bench;
  const sightings = await shootCheckViews(shooter, plan.farthestMm, plan.boards, viewOptions(bench));
  const found = nullTest(record, sightings);
  bench.tell({ type: "null-test", ...found }, nullLines(found));
  return [found.gate];
}
