/** Puts trigger delays into a rig config file, comments and layout kept. */
import { randomBytes } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { isScalar, parseDocument } from "yaml";
import { CallerError } from "../../base/errors.js";
import { arms, type PerArm } from "../../capture/rig.js";

/**
 * Replaces the file as a whole: a reader sees the old one or the new one.
 * @throws CallerError USAGE when it cannot be written; the old file is then untouched.
 */
export async function writeDelays(path: string, delayUs: PerArm<number>): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    const { mode } = await stat(path);
    let text = await readFile(path, "utf8");
    for (const arm of arms) text = withNumber(text, [arm, "triggerDelayUs"], delayUs[arm]);
    await writeFile(temporary, text, { flag: "wx", mode });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CallerError("USAGE", `cannot write ${path}: ${why}`, {
      advice: "The calibration is kept. Set `triggerDelayUs` of both cameras by hand.",
      cause,
    });
  }
}

/** Only the number's own characters change where it is there; else it is added at the end of its group. */
function withNumber(text: string, place: readonly string[], value: number): string {
  const document = parseDocument(text);
  const node = document.getIn(place, true);
  if (isScalar(node) && node.range) {
    return text.slice(0, node.range[0]) + String(value) + text.slice(node.range[1]);
  }
  document.setIn(place, value);
  return document.toString({ lineWidth: 0 });
}
