import { Command } from "commander";
import { CallerError, exitStatusOfKind } from "../../base/errors.js";
import { checkPair, type PairCheck } from "../../calibration/geometry/check/check-pair.js";
import { nullTest } from "../../calibration/geometry/check/null-test.js";
import { phantomCheck } from "../../calibration/geometry/check/phantom-check.js";
import { boardsOfTarget } from "../../calibration/geometry/observations/known-boards.js";
import { verdictOf } from "../../calibration/record/gate.js";
import { shootCheckViews, shootPhantom, watchBoard } from "../../calibration/rig/check-views.js";
import { planBoards } from "../../calibration/rig/plan-boards.js";
import type { RigShooter } from "../../calibration/rig/shooter.js";
import { loadRigConfig } from "../../capture/load-config.js";
import { createVision, type Vision } from "../../native/vision.js";
import type { PairCalibration } from "../../schema/calibration-geometry.js";
import type { Gate } from "../../schema/calibration-header.js";
import type { RigConfig } from "../../schema/rig-config.js";
import { readTarget, targetsFolder } from "../../targets/read-targets.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import { formatDuration } from "../units.js";
import { millimetres } from "./camera-source.js";
import { checkLines, nullLines, phantomLines, watchLine } from "./check-lines.js";
import { gateLines } from "./gate-lines.js";
import { requireSomebody } from "./geometry-rig.js";
import { serialsOf } from "./keep-record.js";
import { withShooter } from "./with-shooter.js";
import { withStore } from "./with-store.js";

interface CheckOptions {
  readonly rig: string;
  readonly store: string;
  readonly stop?: number;
  readonly board?: string;
  readonly watch?: boolean;
  readonly phantom?: boolean;
  readonly null?: boolean;
  readonly json?: boolean;
}

const phantomId = "depth-phantom";

/** Everything that a part of the check needs. */
interface Bench {
  readonly services: Services;
  readonly shooter: RigShooter;
  readonly vision: Vision;
  readonly signal: AbortSignal;
  readonly record: PairCalibration;
  readonly options: CheckOptions;
  /** Results: a JSON line, or lines for people. */
  readonly tell: (json: object, lines: readonly string[]) => void;
}

/** @throws CallerError NOT_FOUND without a calibration to check; what its checks and the rig throw. */
async function check(services: Services, options: CheckOptions): Promise<void> {
  const { terminal } = services;
  const json = options.json === true;
  const config = await loadRigConfig(options.rig);
  const record = await latestPair(services, options.store, config);
  requireSomebody(services, config);
  const tell = (value: object, lines: readonly string[]): void => {
    for (const line of json ? [JSON.stringify(value)] : lines) terminal.print(line);
  };
  note(terminal, `Calibration ${record.calibrationId} of ${record.createdAt}, ${record.verdict}`, json);
  const startedAtMs = performance.now();
  const vision = createVision();
  try {
    const gates = await withShooter(services, config, (shooter, signal) =>
      runChecks({ services, shooter, vision, signal, record, options, tell }),
    );
    if (!json) for (const line of gates.length === 0 ? [] : gateLines(gates)) terminal.print(line);
    note(terminal, `Took ${formatDuration((performance.now() - startedAtMs) / 1000)}.`, json);
    if (verdictOf(gates) === "FAIL") services.exit(exitStatusOfKind.data);
  } finally {
    await vision.close();
  }
}

async function latestPair(services: Services, store: string, config: RigConfig): Promise<PairCalibration> {
  const record = await withStore(services, store, async (dataset) => {
    const entry = await dataset?.latestCalibration("pair", serialsOf(config));
    return entry ? dataset?.readCalibration(entry.calibrationId) : undefined;
  });
  if (record?.kind === "pair") return record;
  throw new CallerError(
    "NOT_FOUND",
    `The store has no geometric calibration of the cameras of ${config.name} that did not fail.`,
    {
      advice: "Make one: `nearfar calibrate geometry --rig FILE --store DIR`.",
    },
  );
}

async function runChecks(bench: Bench): Promise<Gate[]> {
  const { watch, phantom, null: nullToo } = bench.options;
  if (watch) return watchPair(bench);
  const gates = phantom || nullToo ? [] : await checkOnce(bench);
  if (phantom) gates.push(...(await checkPhantom(bench)));
  if (nullToo) gates.push(...(await checkNull(bench)));
  return gates;
}

function stopOf({ record, options }: Bench): number {
  return options.stop ?? record.stops[0]?.distanceMm ?? 0;
}

function boardsOf({ services, options }: Bench, distanceMm: number) {
  return planBoards([distanceMm], options.board, targetsFolder(services.programFolder));
}

function viewOptions({ services, vision, signal, options }: Bench) {
  const onComplaint = (sentence: string): void => note(services.terminal, sentence, options.json === true);
  return { vision, signal, onComplaint };
}

async function checkOnce(bench: Bench): Promise<Gate[]> {
  const distanceMm = stopOf(bench);
  const boards = await boardsOf(bench, distanceMm);
  const sightings = await shootCheckViews(bench.shooter, distanceMm, boards, viewOptions(bench));
  const found = checkPair(bench.record, distanceMm, sightings);
  bench.tell({ type: "check", ...found }, checkLines(found));
  return [...found.gates];
}

/** One line a shot until Ctrl-C, which is how it is meant to end. */
async function watchPair(bench: Bench): Promise<Gate[]> {
  const { shooter, signal, record, services } = bench;
  const distanceMm = stopOf(bench);
  const boards = await boardsOf(bench, distanceMm);
  note(services.terminal, "One line a shot; Ctrl-C ends.", bench.options.json === true);
  try {
    for await (const sightings of watchBoard(shooter, distanceMm, boards, viewOptions(bench))) {
      if (sightings.length === 0) {
        const message = "Both cameras must see the board.";
        bench.tell({ type: "check", distanceMm, message }, [message]);
        continue;
      }
      const found: PairCheck = checkPair(record, distanceMm, sightings);
      bench.tell({ type: "check", ...found }, [watchLine(found)]);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return [];
}

async function checkPhantom(bench: Bench): Promise<Gate[]> {
  const { services, shooter, record, options } = bench;
  const target = await readTarget(targetsFolder(services.programFolder), phantomId);
  const phantom = { id: phantomId, boards: boardsOfTarget(target) };
  const all = [...new Set(record.stops.map(({ distanceMm }) => distanceMm))];
  const stops = options.stop === undefined ? all : [options.stop];
  const checks = [];
  for (const [i, distanceMm] of stops.entries()) {
    services.terminal.progress(`Phantom: stop ${i + 1} of ${stops.length}`);
    const seen = await shootPhantom(shooter, distanceMm, phantom, viewOptions(bench));
    const found = phantomCheck(record, distanceMm, phantom.boards, seen);
    checks.push(found);
    if (options.json) bench.tell({ type: "phantom", ...found }, []);
  }
  if (!options.json) bench.tell({}, phantomLines(checks));
  return checks.flatMap(({ gates }) => gates);
}

async function checkNull(bench: Bench): Promise<Gate[]> {
  const { record, shooter } = bench;
  const distanceMm = Math.max(...record.stops.map((stop) => stop.distanceMm));
  const boards = await boardsOf(bench, distanceMm);
  const sightings = await shootCheckViews(shooter, distanceMm, boards, viewOptions(bench));
  const found = nullTest(record, sightings);
  bench.tell({ type: "null-test", ...found }, nullLines(found));
  return [found.gate];
}

export function checkCommand(services: Services): Command {
  return new Command("check")
    .description("Check the last geometric calibration of a rig against what its cameras see now.")
    .requiredOption("--rig <file>", "rig config, e.g. rig-configs/virtual.yaml")
    .requiredOption("--store <dir>", "the dataset that keeps the calibration")
    .option("--stop <mm>", "at this calibrated stop; else the first one, the phantom at all", millimetres)
    .option("--board <description>", "another board than the one that fits the stop")
    .option("--watch", "go on, one line a shot, while somebody turns knobs; Ctrl-C ends")
    .option("--phantom", "stand the depth phantom there: flow error at the depths of nose, eyes and ears")
    .option("--null", "at the farthest stop near and far agree: what flow is left over")
    .option("--json", "print JSON lines")
    .action((options: CheckOptions) => check(services, options));
}
