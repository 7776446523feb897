/** Aligned pairs of a virtual rig, each number beside the truth. */
import { storedFiles } from "../../alignment/stored/stored-files.js";
import { compareWithTruth, type TruthComparison } from "../../alignment/truth/compare-with-truth.js";
import { readTruthFolder } from "../../alignment/truth/truth-folder.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { AlignmentRecord } from "../../schema/alignment.js";
import { type TruthArray, truthArray } from "../../schema/truth-array.js";
import { formatTable } from "../table.js";
import { percent, shotName, signed } from "./aligned-text.js";
import { requireAlignment } from "./require-shot.js";

export interface ComparedPair {
  readonly shotId: number;
  readonly record: AlignmentRecord;
  readonly truth: TruthComparison;
}

/** What a capture must keep of the truth for {@link comparedPair}. */
export const comparedArrays: readonly TruthArray[] = truthArray.options.filter(
  (name) => name !== "nearDepth" && name !== "farDepth",
);

/** @throws what `compareWithTruth` and `readTruthFolder` throw; CallerError NOT_FOUND without an alignment. */
export async function comparedPair(dataset: Dataset, shotId: number): Promise<ComparedPair> {
  const record = await dataset.readAlignment(await requireAlignment(dataset, shotId));
  const files = storedFiles(dataset, record);
  const truth = await compareWithTruth(files, await readTruthFolder(dataset.truthFolder(shotId)));
  return { shotId, record, truth };
}

const header = [
  "shot",
  "mm",
  "verdict",
  "eyes mm: said",
  "true",
  "offset mm: said",
  "true",
  "front px: sigma",
  "error",
  "kept",
  "hidden F1",
];

/** What each pair says of itself, and what the rig knows. Errors are end-point errors of the measured flow. */
export function truthTable(pairs: readonly ComparedPair[]): string[] {
  return formatTable(
    header,
    pairs.map(({ shotId, record, truth }) => {
      const { quality, rigFit, input, verdict } = record;
      const front = truth.nearToFar.find(({ zone }) => zone === "front");
      return [
        shotName(shotId),
        String(input.distanceMm),
        verdict,
        quality.eyePlaneMm === null ? "-" : signed(quality.eyePlaneMm, 1),
        truth.eyeDepthMm?.truth.toFixed(1) ?? "-",
        rigFit === null
          ? "-"
          : `${signed(rigFit.nearPupilOffsetMm.x, 2)}, ${signed(rigFit.nearPupilOffsetMm.y, 2)}`,
        truth.expectedRigFit === null ? "-" : offsetText(truth.expectedRigFit),
        quality.medianSigmaPx?.toFixed(2) ?? "-",
        front?.endPointPx.median.toFixed(2) ?? "-",
        front === undefined ? "-" : percent(front.keptShare),
        truth.occlusion.f1.toFixed(2),
      ];
    }),
  );
}

function offsetText({ errors }: NonNullable<TruthComparison["expectedRigFit"]>): string {
  return `${errors.offsetXMm.toFixed(2)}, ${errors.offsetYMm.toFixed(2)}`;
}
