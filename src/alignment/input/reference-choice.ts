/** Still pairs that stand in for a geometric calibration. */
import { CallerError, WorldError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { ArmName, FrameRecord, SessionRecord, ShotRecord } from "../../schema/records.js";
import type { FrameInput, ReferencePair } from "../pair-input.js";
import { type Frames, serialsOf } from "./camera-serials.js";
import { frameInput } from "./frame-input.js";
import { type UprightSize, uprightSize } from "./require-fit.js";

export interface Taken {
  readonly sizes: Readonly<Record<ArmName, UprightSize>>;
  /** Null: not known. */
  readonly serials: Readonly<Record<ArmName, string | null>>;
}

/** A reference pair and what it was taken with. */
export interface Reference extends ReferencePair {
  /** As messages name it. */
  readonly name: string;
  /** Null: not known, it is taken to hold for every pair. */
  readonly distanceMm: number | null;
  readonly taken: Taken;
}

/** The two frames of a shot. @throws CallerError USAGE for a shot that is no pair. */
export function framesOfPair(shot: ShotRecord): Frames {
  const frameOf = (arm: ArmName): FrameRecord | undefined =>
    shot.frames.find((frame) => frame.arm === arm && frame.outcome === "paired");
  const [near, far] = [frameOf("near"), frameOf("far")];
  if (shot.outcome === "paired" && near !== undefined && far !== undefined) return { near, far };
  throw new CallerError("USAGE", `Shot ${shot.shotId} is no pair: ${whatItIs(shot)}.`, {
    advice: "Only shots with both frames can be aligned; `nearfar session show` lists them.",
  });
}

function whatItIs({ purpose, outcome }: ShotRecord): string {
  return purpose === "sync" ? "it is a dry trigger, whose frames are not kept" : `it ended as ${outcome}`;
}

export function objectInput(dataset: Pick<Dataset, "objectPath">, frame: FrameRecord): FrameInput {
  const { objectSha256: sha256, bytes } = frame;
  return frameInput(dataset.objectPath({ sha256, bytes }, ".tif"), sha256);
}

/** What the two frames of a session's shot were taken with. */
export function takenWith(session: Pick<SessionRecord, "rigConfig">, frames: Frames): Taken {
  return {
    sizes: { near: uprightSize(frames.near), far: uprightSize(frames.far) },
    serials: serialsOf(session, frames),
  };
}

/** @throws CallerError USAGE for a shot that is no pair. */
export function referenceOfShot(
  dataset: Pick<Dataset, "objectPath">,
  shot: ShotRecord,
  session: Pick<SessionRecord, "rigConfig">,
): Reference {
  const frames = framesOfPair(shot);
  return {
    name: `shot ${shot.shotId}`,
    distanceMm: shot.distanceMm,
    taken: takenWith(session, frames),
    near: objectInput(dataset, frames.near),
    far: objectInput(dataset, frames.far),
  };
}

/** The reference taken at a pair's own stop, else one that holds for all; null when there is none. */
export function referenceFor(
  references: readonly Reference[],
  distanceMm: number,
  toleranceMm: number,
): Reference | null {
  const away = ({ distanceMm: at }: Reference): number =>
    at === null ? toleranceMm : Math.abs(at - distanceMm);
  const close = references.filter((each) => away(each) <= toleranceMm);
  return close.sort((a, b) => away(a) - away(b))[0] ?? null;
}

/** @throws WorldError ALIGN_CAMERA, ALIGN_SIZE when the reference is by other cameras or of another size. */
export function requireAlike({ name, taken }: Pick<Reference, "name" | "taken">, pair: Taken): void {
  const advice = "Name a reference pair that was taken with the same cameras and settings.";
  for (const arm of ["near", "far"] as const) {
    const [there, here] = [taken.serials[arm], pair.serials[arm]];
    if (there !== null && here !== null && there !== here) {
      const message = `The ${arm} frame is by camera ${here}, that of ${name} by ${there}.`;
      throw new WorldError("ALIGN_CAMERA", message, { advice });
    }
    const [was, is] = [taken.sizes[arm], pair.sizes[arm]];
    if (was.widthPx === is.widthPx && was.heightPx === is.heightPx) continue;
    const message = `The ${arm} frame is ${is.widthPx} × ${is.heightPx} px upright, that of ${name} ${was.widthPx} × ${was.heightPx} px.`;
    throw new WorldError("ALIGN_SIZE", message, { advice });
  }
}
