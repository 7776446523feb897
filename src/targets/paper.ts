/** Paper that targets are printed on, and what must stay free around the print. */
import { CallerError } from "../base/errors.js";

export interface Size {
  readonly widthMm: number;
  readonly heightMm: number;
}

/** Upright sheets. */
export const papers = {
  a5: { widthMm: 148, heightMm: 210 },
  a4: { widthMm: 210, heightMm: 297 },
  letter: { widthMm: 215.9, heightMm: 279.4 },
  a3: { widthMm: 297, heightMm: 420 },
} as const satisfies Record<string, Size>;
export type PaperName = keyof typeof papers;

/** Room on every side for the scale bars, two lines of text and what printers leave blank. */
export const marginMm = 12;

export function hasRoom(page: Size, content: Size): boolean {
  return content.widthMm + 2 * marginMm <= page.widthMm && content.heightMm + 2 * marginMm <= page.heightMm;
}

/**
 * The paper upright, or lying when only that has room.
 * @throws CallerError USAGE when neither has.
 */
export function pageFor(name: PaperName, content: Size, what: string): Size {
  const upright = papers[name];
  const lying = { widthMm: upright.heightMm, heightMm: upright.widthMm };
  for (const page of [upright, lying]) if (hasRoom(page, content)) return page;
  const larger = Object.entries(papers).filter(([, size]) => hasRoom(size, content));
  const names = larger.map(([paper]) => paper).join(", ");
  throw new CallerError(
    "USAGE",
    `${what} is ${content.widthMm} × ${content.heightMm} mm; with ${marginMm} mm around it for the scale bars ` +
      `it does not fit on ${name} (${upright.widthMm} × ${upright.heightMm} mm).`,
    { advice: names === "" ? "No known paper is large enough." : `It fits on: ${names}.` },
  );
}
