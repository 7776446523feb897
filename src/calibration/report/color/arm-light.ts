/** Dark frame and flat field of both arms. */
import type { ColorCalibration } from "../../../schema/calibration-color.js";
import type { GridMap } from "../../../schema/calibration-geometry.js";
import type { Content, Markup } from "../markup.js";
import { fixed, percent, significant } from "../numbers.js";
import { figure, numberColumn, row, subsection, table, textColumn } from "../page-parts.js";
import { heatMap } from "../plot/heat-map.js";
import { extentOf, linearValues } from "../plot/value-scale.js";
import { armsOf, cameraName } from "./arms-of.js";

const channels = ["red", "green", "blue"] as const;

type Flat = NonNullable<NonNullable<ColorCalibration["light"]["near"]>["flat"]>;

export function darkTable(record: ColorCalibration): Markup {
  const rows = armsOf(record).map((arm): Content[] => {
    const own = record.light[arm];
    const name = cameraName(record, arm);
    if (own === null) return [name, "not measured", "", "", ""];
    return [
      name,
      own.darkOffset.map((share) => significant(1e6 * share, 3)).join(", "),
      own.darkNoise.map((share) => significant(1e6 * share, 3)).join(", "),
      own.flatResidual === null ? "not measured" : percent(own.flatResidual),
      own.linearityError === null ? "not measured" : percent(own.linearityError),
    ];
  });
  return table(
    [
      textColumn(""),
      numberColumn("Dark offset R, G, B, ppm of the range"),
      numberColumn("Dark noise, ppm"),
      numberColumn("Left after the flat field, worst"),
      numberColumn("Off a straight line, worst"),
    ],
    rows,
  );
}

/** Gains of the channels, and how they differ, of each arm. */
export function armLightFigures(record: ColorCalibration): Content {
  return armsOf(record).map((arm) => {
    const flat = record.light[arm]?.flat;
    if (flat === undefined || flat === null) return null;
    const name = cameraName(record, arm);
    return subsection(`Flat field, ${name}`, row(gainFigures(flat, name)), row(tintFigures(flat, name)));
  });
}

/** Where the colors end, so that a dark corner does not hide the rest. */
const topShare = 0.98;

/** The three channels in the same colors. */
function gainFigures(flat: Flat, name: string): Content {
  const top = flat.gains.toSorted((a, b) => a - b)[Math.floor(topShare * (flat.gains.length - 1))] ?? 1;
  const scale = linearValues([extentOf(flat.gains)[0], top]);
  return channels.map((channel, k) => {
    const title = `Gain of ${channel}, ${name}`;
    const map = flatMap(flat, title, "×", (gains) => gains[k] as number);
    return figure(
      title,
      heatMap({ map, title, scale, ...looks, text: (value) => fixed(value, 3) }),
      "By what each place is multiplied to make a uniform target uniform; 1 in the middle. The three channels share their colors, which end at the 98th percentile.",
    );
  });
}

/** Red and blue against green: what shading does to hues. */
function tintFigures(flat: Flat, name: string): Content {
  return ([0, 2] as const).map((k) => {
    const title = `Tint, ${channels[k]} over green, ${name}`;
    const map = flatMap(flat, title, "%", (gains) => 100 * ((gains[k] as number) / (gains[1] as number) - 1));
    return figure(
      title,
      heatMap({ map, title, ...looks, text: (value) => fixed(value, 2) }),
      `How much more ${channels[k]} than green is amplified there. All zero: plate and lens do not tint.`,
    );
  });
}

const looks = { placeUnit: "cells", widthPx: 250, heightPx: 250 };

/** One number of the three gains of each place. */
function flatMap(
  { columns, rows, gains }: Flat,
  title: string,
  unit: string,
  value: (gains: readonly number[]) => number,
): GridMap {
  const values = Array.from({ length: columns * rows }, (_, i) => value(gains.slice(3 * i, 3 * i + 3)));
  return { title, unit, columns, rows, from: [0, 0], to: [columns - 1, rows - 1], placeUnit: "px", values };
}
