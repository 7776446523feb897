/** The verdict and what it rests on. */
import type { Calibration } from "../../schema/calibration.js";
import type { Gate } from "../../schema/calibration-header.js";
import { type Content, type Markup, markup } from "./markup.js";
import { chosen } from "./numbers.js";
import { numberColumn, paragraph, prose, section, table, textColumn } from "./page-parts.js";

const order: Readonly<Record<Gate["state"], number>> = { FAIL: 0, UNKNOWN: 1, WARN: 2, PASS: 3 };

export function gateSection({ gates, verdict }: Calibration): Markup {
  const counts = (["PASS", "WARN", "FAIL", "UNKNOWN"] as const)
    .map((state) => ({ state, count: gates.filter((gate) => gate.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  return section(
    "Verdict",
    markup`<p><span class="verdict ${verdict}">${verdict}</span> ${counts.length === 0 ? "nothing was held against a limit" : counts.join(", ")}</p>`,
    gates.length === 0
      ? null
      : table(
          [
            textColumn("Gate"),
            textColumn("State"),
            numberColumn("Value"),
            numberColumn("Warns at"),
            numberColumn("Fails at"),
            textColumn("What to do"),
          ],
          gates.toSorted((a, b) => order[a.state] - order[b.state]).map(gateRow),
        ),
    paragraph(
      markup`<span class="dim">The worst gate is the verdict; UNKNOWN, a number that could not be measured, counts as WARN.</span>`,
    ),
  );
}

function gateRow(gate: Gate): Content[] {
  const { id, title, value, unit, warn, fail, state, advice } = gate;
  return [
    markup`${title}<br/><code class="dim">${id}</code>`,
    markup`<span class="state ${state}">${state}</span>`,
    value === null ? "not known" : chosen(value, unit, 4),
    limitText(gate, warn),
    limitText(gate, fail),
    advice === null ? null : prose(advice),
  ];
}

function limitText({ unit, better }: Gate, limit: number | null): string {
  return limit === null ? "–" : `${better === "lower" ? ">" : "<"} ${chosen(limit, unit)}`;
}
