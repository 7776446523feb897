import type { Gate } from "../../schema/calibration-header.js";
import { formatTable } from "../table.js";

/** A table of gates with their limits, then what to do about those that did not pass. */
export function gateLines(gates: readonly Gate[]): string[] {
  const rows = gates.map(({ title, value, unit, warn, fail, better, state }) => [
    state,
    title,
    withUnit(value, unit),
    limitText(better, warn, fail, unit),
  ]);
  const advice = gates.flatMap((gate) => (gate.advice === null ? [] : [`${gate.state} ${gate.advice}`]));
  return [...formatTable(["", "gate", "measured", "limit"], rows), ...advice];
}

function limitText(better: Gate["better"], warn: number | null, fail: number | null, unit: string): string {
  const sign = better === "lower" ? "≤" : "≥";
  const limits = [warn, fail].filter((limit) => limit !== null);
  if (limits.length === 0) return "";
  return `${sign} ${limits.map((limit) => compact(limit)).join(" / ")}${unit === "" ? "" : ` ${unit}`}`;
}

function withUnit(value: number | null, unit: string): string {
  if (value === null) return "not measured";
  return unit === "" ? compact(value) : `${compact(value)} ${unit}`;
}

/** Three significant digits, without trailing zeros. */
function compact(value: number): string {
  return String(Number(value.toPrecision(3)));
}
