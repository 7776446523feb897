/** shots/000/17.json: all metadata of one committed shot beside its objects. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { WorldError } from "../base/errors.js";
import { type ShotRecord, shotSidecarSchema } from "../schema/records.js";
import { codeOf } from "./error-code.js";
import type { StoreLayout } from "./layout.js";

export interface SidecarText {
  readonly text: string;
  readonly sha256: string;
}

export function encodeSidecar(shot: ShotRecord): SidecarText {
  const text = `${JSON.stringify({ format: "nearfar-shot", version: 1, shot }, null, 1)}\n`;
  return { text, sha256: sha256Of(text) };
}

/** What lies where a shot's sidecar should be. */
export type SidecarState =
  | { readonly kind: "same"; readonly shot: ShotRecord }
  | { readonly kind: "missing" }
  | { readonly kind: "differs"; readonly reason: string };

/** Reads a sidecar and compares it with the hash that the journal holds. */
export async function inspectSidecar(
  layout: StoreLayout,
  shotId: number,
  sha256: string,
): Promise<SidecarState> {
  let text: string;
  try {
    text = await readFile(layout.sidecarPath(shotId), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { kind: "missing" };
    throw error;
  }
  if (sha256Of(text) !== sha256)
    return { kind: "differs", reason: "it is not what was written (its hash differs)" };
  const sidecar = shotSidecarSchema.safeParse(JSON.parse(text));
  if (!sidecar.success) return { kind: "differs", reason: sidecar.error.message };
  return { kind: "same", shot: sidecar.data.shot };
}

/** The shot of a sound sidecar. @throws WorldError FILE_CORRUPT when it is missing or altered. */
export async function readSidecar(layout: StoreLayout, shotId: number, sha256: string): Promise<ShotRecord> {
  const state = await inspectSidecar(layout, shotId, sha256);
  if (state.kind === "same") return state.shot;
  const reason = state.kind === "missing" ? "it is missing" : state.reason;
  throw new WorldError("FILE_CORRUPT", `sidecar ${layout.sidecarPath(shotId)}: ${reason}`, {
    advice:
      "Restore this file from a copy of the store; the shot was acknowledged and its frames should be there.",
  });
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
