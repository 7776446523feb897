/** The report on trigger and exposure timing. */
import type { Spread, SyncCalibration, SyncRound } from "../../../schema/calibration-sync.js";
import { type Content, type Markup, markup } from "../markup.js";
import { chosen, fixed } from "../numbers.js";
import { facts, numberColumn, paragraph, row, section, table, textColumn } from "../page-parts.js";
import { shotFigure } from "./shot-figure.js";
import { spreadFigure } from "./spread-figure.js";

export function syncSections(record: SyncCalibration): readonly Content[] {
  const { before, verified } = record;
  return [
    section("Delays", delays(record), spreadTable(before, verified)),
    section(
      "Shots",
      row(
        spreadFigure("Skew, near minus far", before, verified, ({ skewUs }) => skewUs),
        spreadFigure("Lag of the near camera", before, verified, ({ lagUs }) => lagUs.near),
        spreadFigure("Lag of the far camera", before, verified, ({ lagUs }) => lagUs.far),
        shotFigure(before, verified),
      ),
    ),
    section("What the cameras saw", ledCounter(record)),
  ];
}

function delays({ skewKind, before, proposedDelayUs, verified }: SyncCalibration): Markup {
  const text = ({ near, far }: SyncRound["delayUs"]): string =>
    `near ${chosen(near, "µs")}, far ${chosen(far, "µs")}`;
  return facts([
    [
      "Skew is",
      skewKind === "measured"
        ? "measured, by the exposure feedback of both cameras"
        : markup`<span class="state WARN">assumed</span>: a feedback wire is missing, so nothing here was measured on both arms`,
    ],
    ["Delays before", text(before.delayUs)],
    ["Delays proposed", proposedDelayUs === null ? "none: nothing was measured" : text(proposedDelayUs)],
    ["Delays verified", verified === null ? "not applied" : text(verified.delayUs)],
  ]);
}

function spreadTable(before: SyncRound, verified: SyncRound | null): Markup {
  const lines: [string, Spread | null][] = [
    ["Skew before", before.skewUs],
    ["Skew verified", verified?.skewUs ?? null],
    ["Near lag before", before.lagUs.near],
    ["Near lag verified", verified?.lagUs.near ?? null],
    ["Far lag before", before.lagUs.far],
    ["Far lag verified", verified?.lagUs.far ?? null],
  ];
  return markup`${table(
    [textColumn("µs"), ...["Shots", "Median", "p95 off the median", "max off the median"].map(numberColumn)],
    lines.map(([name, spread]): Content[] =>
      spread === null
        ? [name, "–", "–", "–", "–"]
        : [name, spread.count, fixed(spread.median, 2), fixed(spread.p95, 2), fixed(spread.max, 2)],
    ),
  )}${paragraph(markup`<span class="dim">Lag: from the trigger edge to the start of exposure. Skew: near exposure start minus far exposure start; positive means that near came later.</span>`)}`;
}

function ledCounter({ ledCounter: counter }: SyncCalibration): Markup {
  if (counter === null)
    return paragraph(
      "No LED counter stood before the cameras: the feedback wires were not checked by light.",
    );
  const { read, unreadable, mismatched, differenceUs } = counter;
  return facts([
    ["Read in both views", `${read} shots`],
    ["Not readable", `${unreadable} shots`],
    ["Showed another shot's number", `${mismatched} shots`],
    [
      "Tick, near minus far",
      differenceUs === null
        ? "not known"
        : `median ${fixed(differenceUs.median, 2)} µs, p95 ${fixed(differenceUs.p95, 2)} µs, max ${fixed(differenceUs.max, 2)} µs off it`,
    ],
  ]);
}
