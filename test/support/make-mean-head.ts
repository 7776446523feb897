// Makes the table of the generic head from virtual heads, in about a minute: `npm run mean-head`. The same
// heads give the same table; another processor may round a tenth of a millimetre the other way.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFaceFinder } from "../../src/faces/face-finder.js";
import { repository } from "./cli.js";
import { meanMeshOf, meanPupilDistanceMm } from "./mean-head-mesh.js";
import { type ReliefCell, reliefGrid, reliefOf } from "./mean-head-relief.js";
import { type HeadSource, type SeenHead, seenHead } from "./mean-head-views.js";
import { sharedData } from "./shared-data.js";
import { TracedRig } from "./traced-rig.js";

/** Identities; all others are left for tests. */
const made: Readonly<Record<HeadSource["source"], readonly number[]>> = {
  ict: [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
  head: [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 14, 15],
};

async function seenHeads(): Promise<SeenHead[]> {
  const finder = await createFaceFinder(undefined, 1);
  const light = { continuous: 0.05, strobe: 0.95 };
  const scene = { scene: "subject", light, samplesPerPixel: 2, motion: { kind: "none" } } as const;
  const rig = await TracedRig.start({ scene });
  try {
    const heads: SeenHead[] = [];
    for (const source of ["ict", "head"] as const) {
      for (const identity of made[source]) {
        heads.push(await seenHead(rig, finder, { source, identity }));
        process.stderr.write(`${source} ${identity}\n`);
      }
    }
    return heads;
  } finally {
    await Promise.all([rig.stop(), finder.close()]);
  }
}

/** Whole numbers, null for nothing, in lines of `perLine`. */
function lines(values: readonly (number | null)[], perLine: number): string {
  const words = values.map((value) => (value === null ? "null" : `${Math.round(value) || 0}`));
  const starts = Array.from({ length: Math.ceil(words.length / perLine) }, (_, k) => k * perLine);
  return starts.map((start) => `    ${words.slice(start, start + perLine).join(", ")},`).join("\n");
}

function tableText(heads: readonly SeenHead[]): string {
  const mesh = meanMeshOf(heads);
  const relief = reliefOf(heads, mesh);
  const reliefLines = (of: (cell: ReliefCell) => number): string =>
    lines(
      relief.map((cell) => cell && of(cell)),
      reliefGrid.columns,
    );
  return `// Made by \`npm run mean-head\` (test/support/make-mean-head.ts); not to be edited.

/** Tenths of mm, for mean-head.ts, which says what they are; null where too few heads reach. */
// biome-ignore format: a table
export const meanHeadTable = {
  /** Identities of the virtual heads that it was made of. */
  heads: { ict: [${made.ict.join(", ")}], head: [${made.head.join(", ")}] },
  pupilDistance: ${10 * meanPupilDistanceMm},
  mesh: [
${lines(
  mesh.points.flat().map((mm) => 10 * mm),
  18,
)}
  ],
  relief: {
    columns: ${reliefGrid.columns}, rows: ${reliefGrid.rows}, stepMm: ${reliefGrid.stepMm}, topMm: ${reliefGrid.topMm},
    height: [
${reliefLines(({ heightMm }) => 10 * heightMm)}
    ],
    sigma: [
${reliefLines(({ sigmaMm }) => 10 * sigmaMm)}
    ],
    coveragePercent: [
${reliefLines(({ coverage }) => 100 * coverage)}
    ],
  },
};
`;
}

if (sharedData("ict-facekit") === null) throw new Error("the faces of ICT-FaceKit are not at hand");
const [path = join(repository, "src/alignment/face/mean-head-table.ts")] = process.argv.slice(2);
await writeFile(path, tableText(await seenHeads()));
