import { Command, Option } from "commander";
import { type AlignmentVerdict, alignmentVerdicts } from "../../schema/alignment.js";
import { withDataset } from "../calibrate/with-store.js";
import { requireSession } from "../require-session.js";
import type { Services } from "../services.js";
import { formatTable } from "../table.js";
import { type AlignedShot, alignedJson, percent, shotName, signed } from "./aligned-text.js";

interface ListOptions {
  readonly store: string;
  readonly session?: string;
  readonly verdict?: AlignmentVerdict;
  readonly json?: boolean;
}

const header = [
  "shot",
  "mm",
  "verdict",
  "eyes mm",
  "tangential px",
  "ΔE00",
  "coverage",
  "offset mm",
  "reasons",
];

function rowOf({ shotId, record: { input, verdict, quality, rigFit, reasons } }: AlignedShot): string[] {
  const { eyePlaneMm, tangentialRmsPx, skinDeltaE00, coverage } = quality;
  const offset = rigFit?.nearPupilOffsetMm;
  return [
    shotName(shotId),
    String(input.distanceMm),
    verdict,
    eyePlaneMm === null ? "" : signed(eyePlaneMm, 1),
    tangentialRmsPx?.toFixed(2) ?? "",
    skinDeltaE00?.toFixed(1) ?? "",
    coverage === null ? "" : percent(coverage),
    offset === undefined ? "" : `${signed(offset.x, 2)}, ${signed(offset.y, 2)}`,
    reasons.join(", "),
  ];
}

async function list(services: Services, { store, session, verdict, json }: ListOptions): Promise<void> {
  const aligned = await withDataset(services, store, async (dataset) => {
    if (session !== undefined) await requireSession(dataset, session);
    const entries = await dataset.alignments({
      ...(session === undefined ? {} : { sessionId: session }),
      ...(verdict === undefined ? {} : { verdict }),
    });
    const shots: AlignedShot[] = [];
    for (const entry of entries)
      shots.push({ shotId: entry.shotId, record: await dataset.readAlignment(entry) });
    return shots;
  });
  const lines = json
    ? aligned.map(({ shotId, record }) =>
        JSON.stringify({ type: "alignment", shotId, ...alignedJson(record) }),
      )
    : formatTable(header, aligned.map(rowOf));
  for (const line of lines) services.terminal.print(line);
}

export function listCommand(services: Services): Command {
  return new Command("list")
    .description("List the aligned pairs of a store: the newest alignment of each shot.")
    .requiredOption("--store <dir>", "the dataset")
    .option("--session <id>", "only those of this session")
    .addOption(new Option("--verdict <verdict>", "only these").choices([...alignmentVerdicts]))
    .option("--json", "print a JSON line for each")
    .action((options: ListOptions) => list(services, options));
}
