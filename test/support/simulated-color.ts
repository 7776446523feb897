/** A chart before two cameras of different sensitivities, seeded, as a color calibration keeps it. */
import {
  type CalibrationOf,
  createRecord,
  type RecordContext,
} from "../../src/calibration/record/create-record.js";
import { colorCheckerLab } from "../../src/color/color-checker.js";
import { fitColorMap, mapColor } from "../../src/color/color-map.js";
import { deltaE00 } from "../../src/color/delta-e.js";
import { labOfXyz, multiply, type Triple, xyzOfLab } from "../../src/color/lab.js";
import type { ChartSighting, ColorCalibration, ColorFit } from "../../src/schema/calibration-color.js";
import { recordContext } from "./calibration-fixtures.js";
import { seededNormal } from "./noise.js";
import { variousGates } from "./various-gates.js";

const reference = colorCheckerLab.map((lab): Triple => xyzOfLab(lab));

/** Linear camera RGB of XYZ, greenish and dim as raw files are. */
const nearOfXyz: readonly Triple[] = [
  [0.62, -0.06, -0.04],
  [-0.18, 0.66, 0.11],
  [0.02, 0.05, 0.42],
];
const farOfXyz: readonly Triple[] = [
  [0.55, 0.02, -0.07],
  [-0.14, 0.6, 0.09],
  [0.01, 0.02, 0.5],
];
const glare: [number, number, number] = [0.0021, 0.0023, 0.0018];

type Arm = NonNullable<ColorCalibration["arms"]["near"]>;
type Deltas = ColorFit["deltaE00"]["fit"];

export function simulatedColor(context: Partial<RecordContext> = {}): CalibrationOf<"color"> {
  const normal = seededNormal(31);
  const near = arm(nearOfXyz, normal, [412.3, 388.1]);
  const far = arm(farOfXyz, normal, [301.9, 402.2]);
  const nearColors = colorsOf(near.chart);
  const farColors = colorsOf(far.chart);
  const farLab = labBy(far.toXyz[0] as ColorFit);
  const deltas = (fit: number): Deltas => ({
    mean: 0.2 * fit,
    max: 0.6 * fit,
    each: reference.map((_, i) => (0.6 * fit * i) / 23),
  });
  return createRecord(
    {
      kind: "color",
      target: "colorchecker24:after-2014",
      arms: { near, far },
      light: { near: armLight(normal, 0.92), far: armLight(normal, 0.97) },
      nearToFar: (["matrix", "root-polynomial-2"] as const).map((method) =>
        fitOf(method, nearColors, farColors, farLab),
      ),
      farToRec2020: [
        [1.52, -0.31, 0.02],
        [-0.05, 1.63, -0.21],
        [0.03, -0.16, 1.71],
      ],
      exposureRatio: [0.981, 1.012, 1.063],
      refitOf: null,
      drift: { since: "20261101T090000Z-00aa11-color", near: deltas(1), far: deltas(1.4), pair: null },
    },
    recordContext({
      gates: variousGates,
      commandLine: [
        "nearfar",
        "calibrate",
        "color",
        "--rig",
        "virtual.yaml",
        "--target",
        "colorchecker24:after-2014",
      ],
      ...context,
    }),
  );
}

function arm(ofXyz: readonly Triple[], normal: () => number, [left, top]: readonly [number, number]): Arm {
  const patches = reference.map((xyz, i) => {
    // A part that no map can take out: real sensitivities are not those of an observer.
    const own = multiply(ofXyz, xyz).map((share) => share * (1 + 0.01 * normal()));
    const mean = own.map((share, k) => share + (glare[k] as number)) as [number, number, number];
    return {
      mean,
      sigma: [0.002, 0.0018, 0.0021] as [number, number, number],
      pixels: 1600 - i,
      clippedShare: i === 18 ? 0.003 : 0,
    };
  });
  const chart: ChartSighting = {
    cornersPx: [
      [left, top],
      [left + 240, top + 4],
      [left + 238, top + 166],
      [left - 2, top + 162],
    ],
    mirrored: false,
    patches,
  };
  const toXyz = (["matrix", "root-polynomial-2"] as const).map((method) =>
    fitOf(method, colorsOf(chart), reference, labOfXyz),
  );
  return { chart, glare, toXyz };
}

function colorsOf({ patches }: ChartSighting): Triple[] {
  return patches.map(({ mean }): Triple => [mean[0] - glare[0], mean[1] - glare[1], mean[2] - glare[2]]);
}

function labBy(fit: ColorFit): (color: Triple) => Triple {
  return (color) => labOfXyz(mapColor(fit, color));
}

/** The least squares fit, and its differences with each patch in and out. */
function fitOf(
  method: ColorFit["method"],
  from: readonly Triple[],
  to: readonly Triple[],
  lab: (color: Triple) => Triple,
): ColorFit {
  const without = <T>(list: readonly T[], left: number): T[] => list.filter((_, i) => i !== left);
  const solved = (left: number) => {
    const map = fitColorMap(method, without(from, left), without(to, left));
    if (map === null) throw new Error("the patches do not determine the map");
    return map;
  };
  const difference = (map: ReturnType<typeof solved>, i: number): number =>
    deltaE00(lab(mapColor(map, from[i] as Triple)), lab(to[i] as Triple));
  const whole = solved(-1);
  return {
    method,
    rows: whole.rows.map((row) => [...row]),
    deltaE00: {
      fit: summary(from.map((_, i) => difference(whole, i))),
      leaveOneOut: summary(from.map((_, i) => difference(solved(i), i))),
    },
  };
}

function summary(each: number[]): Deltas {
  return { mean: each.reduce((sum, one) => sum + one, 0) / each.length, max: Math.max(...each), each };
}

function armLight(normal: () => number, corner: number): NonNullable<ColorCalibration["light"]["near"]> {
  const [columns, rows] = [24, 30];
  const gains = Array.from({ length: columns * rows }, (_, i) => {
    const [u, v] = [(2 * (i % columns)) / (columns - 1) - 1, (2 * Math.floor(i / columns)) / (rows - 1) - 1];
    const falloff = 1 + ((1 / corner - 1) * (u * u + v * v)) / 2;
    return [falloff * (1 + 0.01 * u), falloff, falloff * (1 - 0.012 * u)];
  }).flat();
  return {
    darkOffset: [0.00012, -0.00004, 0.00009],
    darkNoise: [0.00061, 0.00058, 0.00066],
    flat: { columns, rows, gains },
    flatResidual: 0.0031,
    linearityError: 0.0042,
    linearity: [500, 1000, 2000, 4000, 6000, 8000, 10000].map((exposureUs) => ({
      exposureUs,
      share: exposureUs * 0.000091 * (1 + 0.003 * normal()),
    })),
  };
}
