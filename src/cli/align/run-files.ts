/** `nearfar align --near --far`: two files into a folder. */
import { CalibrationShelf } from "../../alignment/input/calibration-shelf.js";
import { filesInput } from "../../alignment/input/files-input.js";
import type { PairInput } from "../../alignment/pair-input.js";
import { requireFreeFolder, writeAlignedPair } from "../../alignment/run/write-aligned-pair.js";
import { CallerError } from "../../base/errors.js";
import type { AlignmentRecord } from "../../schema/alignment.js";
import { interruptible } from "../calibrate/interruptible.js";
import { withStore } from "../calibrate/with-store.js";
import { note } from "../note.js";
import type { Services } from "../services.js";
import { type AlignOptions, readingOf } from "./align-options.js";
import { alignedJson } from "./aligned-text.js";
import { namedLimits, parametersOf, usualLimits } from "./parameters-of.js";
import { recordLines } from "./record-lines.js";
import { boardsOf, filesOf } from "./references-of.js";

export async function alignFiles(services: Services, options: AlignOptions): Promise<void> {
  const { out, force = false, json = false } = options;
  if (out !== undefined) await requireFreeFolder(out, force);
  const limits = (await namedLimits(options.rig)) ?? usualLimits();
  const { input, assumptions } = await interruptible(services, (signal) =>
    inputOf(services, options, limits.stopToleranceMm, signal),
  );
  for (const sentence of assumptions) note(services.terminal, sentence, json);
  if (out === undefined || options.dryRun === true) {
    tellPlan(services, input, json);
    return;
  }
  const aligner = await services.createPairAligner({ boards: await boardsOf(services, options) });
  try {
    const pair = await interruptible(services, (signal) =>
      aligner.align(input, parametersOf(options, limits), signal),
    );
    tell(services, await writeAlignedPair(out, pair, { force }), out, json);
  } finally {
    await aligner.close();
  }
}

function inputOf(
  services: Services,
  options: AlignOptions,
  stopToleranceMm: number,
  signal: AbortSignal,
): ReturnType<typeof filesInput> {
  const {
    near = "",
    far = "",
    calibration,
    color,
    distance,
    store,
    allowExpired = false,
    withoutFlat = false,
  } = options;
  const reference = referenceFiles(options.reference);
  return withStore(services, store, (dataset) =>
    filesInput(
      new CalibrationShelf(dataset),
      {
        near,
        far,
        reading: readingOf(options),
        ...(calibration === undefined ? {} : { pair: calibration }),
        ...(color === undefined ? {} : { color }),
        ...(distance === undefined ? {} : { distanceMm: distance }),
        ...(reference === null ? {} : { reference }),
        allowExpired,
        withoutFlat,
        limits: { stopToleranceMm },
        now: services.clock.utcNow(),
      },
      signal,
    ),
  );
}

function referenceFiles(words: readonly string[] | undefined): ReturnType<typeof filesOf> {
  const [first, ...more] = words ?? [];
  if (first === undefined) return null;
  const files = more.length === 0 ? filesOf(first) : null;
  if (files !== null) return files;
  throw new CallerError("USAGE", "With two files the reference is two files too.", {
    advice: "Give --reference NEAR,FAR.",
  });
}

function tellPlan({ terminal }: Services, { geometry, color, distanceMm }: PairInput, json: boolean): void {
  const pair = geometry?.record.calibrationId ?? null;
  const colors = color?.record.calibrationId ?? null;
  terminal.print(
    json
      ? JSON.stringify({ type: "dry-run", state: "to-align", distanceMm, pair, color: colors })
      : `to align at ${distanceMm} mm by ${pair ?? "the homography of a reference pair"}, ${colors ?? "no color calibration"}`,
  );
}

function tell({ terminal }: Services, record: AlignmentRecord, out: string, json: boolean): void {
  if (json) {
    const line = { type: "alignment", state: "aligned", out, ...alignedJson(record) };
    terminal.print(JSON.stringify(line));
    return;
  }
  for (const line of recordLines(record)) terminal.print(line);
  terminal.print(`written   ${out}`);
}
