/** What was calibrated, when, by what, and how long it holds. */
import type { Calibration } from "../../schema/calibration.js";
import type { CalibratedRig } from "../../schema/calibration-header.js";
import { type Content, type Markup, markup } from "./markup.js";
import { facts } from "./page-parts.js";
import type { ReportContext } from "./report-context.js";

export const kindTitles: Readonly<Record<Calibration["kind"], string>> = {
  sync: "Trigger and exposure timing",
  camera: "Geometry of one camera",
  pair: "Geometry of the near and far pair",
  color: "Color",
  light: "Light through the plate and lenses",
};

export function headerSection(record: Calibration, context: ReportContext): Markup {
  const { calibrationId, kind, createdAt, rig, softwareVersion, commandLine } = record;
  const link =
    context.recordHref === undefined
      ? null
      : markup` (<a href="${context.recordHref}">whole record, JSON</a>)`;
  return markup`<header><h1>${kindTitles[kind]}</h1>${facts([
    ["Calibration", markup`<code>${calibrationId}</code>${link}`],
    ["Made", timeText(createdAt)],
    ["Holds until", expiryText(record, context)],
    ...rigFacts(rig),
    ["Software", `nearfar ${softwareVersion}`],
    ["Command line", markup`<code>${commandLine.map(shellWord).join(" ")}</code>`],
  ])}</header>`;
}

function rigFacts(rig: CalibratedRig | null): [string, Content][] {
  if (rig === null) return [["Rig", "none: files were calibrated"]];
  const deviceText = ({ vendor, model, serial }: CalibratedRig["near"]): Markup =>
    markup`${vendor} ${model}, serial <code>${serial}</code>`;
  return [
    ["Rig", `${rig.name}${rig.virtual ? " (virtual: simulated cameras, exact truth)" : ""}`],
    ["Near camera", deviceText(rig.near)],
    ["Far camera", deviceText(rig.far)],
    ["Trigger board", markup`<code>${rig.boardId}</code>`],
  ];
}

function expiryText({ expiresAt }: Calibration, { now }: ReportContext): Content {
  if (expiresAt === null) return "the rig is changed";
  if (now === undefined || now.getTime() < Date.parse(expiresAt)) return timeText(expiresAt);
  return markup`${timeText(expiresAt)} <span class="state WARN">expired: make it anew</span>`;
}

function timeText(utc: string): string {
  return `${utc.slice(0, 10)} ${utc.slice(11, 19)} UTC`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
