/** A calibration as one HTML file that needs nothing else. */
import type { Calibration } from "../../schema/calibration.js";
import { cameraSections } from "./camera/camera-sections.js";
import { colorSections } from "./color/color-sections.js";
import { gateSection } from "./gate-table.js";
import { headerSection, kindTitles } from "./header-section.js";
import { lightSections } from "./light/light-sections.js";
import { type Content, type Markup, markup } from "./markup.js";
import { pairSections } from "./pair/pair-sections.js";
import type { ReportContext } from "./report-context.js";
import { reportPolicy } from "./report-policy.js";
import { stylesheet } from "./stylesheet.js";
import { syncSections } from "./sync/sync-sections.js";

/**
 * The report on a record of any kind: a whole document, UTF-8, with its drawings inside. It runs no script and
 * loads nothing (its own content security policy forbids it); light and dark follow the reader's setting.
 */
export function reportHtml(record: Calibration, context: ReportContext = {}): string {
  const title = `${kindTitles[record.kind]}: ${record.verdict}, ${record.calibrationId}`;
  const body = [headerSection(record, context), gateSection(record), ...sectionsOf(record)];
  return documentText(title, body);
}

function sectionsOf(record: Calibration): readonly Content[] {
  switch (record.kind) {
    case "sync":
      return syncSections(record);
    case "camera":
      return cameraSections(record);
    case "pair":
      return pairSections(record);
    case "color":
      return colorSections(record);
    case "light":
      return lightSections(record);
  }
}

function documentText(title: string, body: Content): string {
  const page: Markup = markup`<html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><meta http-equiv="Content-Security-Policy" content="${reportPolicy}"/><link rel="icon" href="data:,"/><title>${title}</title>`;
  // The sheet stands as it is: the policy names its hash.
  return `<!doctype html>\n${page.text}<style>${stylesheet}</style></head><body>${markup`${body}`.text}</body></html>\n`;
}
