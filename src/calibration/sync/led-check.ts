/** The LED counter in both views of the same trigger: the pixels' own word on skew. */
import { arms, perArm } from "../../capture/rig.js";
import { type LedReading, readLedCounterInImage } from "../../imaging/led-counter.js";
import { findLedPanel } from "../../imaging/led-panel-search.js";
import type { LedCorners, LinearImage } from "../../imaging/raw-frame.js";
import type { SyncCalibration } from "../../schema/calibration-sync.js";
import type { RigShooter, RigShot } from "../rig/shooter.js";
import { spreadOf } from "./spread.js";

type LedResult = NonNullable<SyncCalibration["ledCounter"]>;

const usPerTick = 0.0625;

/**
 * Shoots the counter and compares what both views show.
 * @returns null when there is none: people are asked for it only where the rig config has its place.
 */
export async function checkLedCounter(
  shooter: RigShooter,
  shots: number,
  signal?: AbortSignal,
): Promise<LedResult | null> {
  const { config, guide } = shooter;
  if (!guide.automatic && config.ledCounter === undefined) return null;
  const text = "Put the LED counter where both cameras see all of it.";
  await guide.show({ show: { target: "led-counter" }, text }, signal);
  const differencesUs: number[] = [];
  const counts = { read: 0, unreadable: 0, mismatched: 0 };
  for (let shot = 0; shot < shots; shot++) {
    const seen = await readBoth(await shooter.shoot(signal), config.ledCounter);
    counts[seen.kind]++;
    if (seen.kind === "read") differencesUs.push(seen.differenceUs);
  }
  return { ...counts, differenceUs: spreadOf(differencesUs) };
}

type SeenByBoth =
  | { readonly kind: "read"; readonly differenceUs: number }
  | { readonly kind: "unreadable" | "mismatched" };

async function readBoth(
  shot: RigShot,
  corners: Readonly<Record<"near" | "far", LedCorners>> | undefined,
): Promise<SeenByBoth> {
  const images = await Promise.all(arms.map((arm) => shot[arm].image()));
  const readings = perArm((arm) => reading(images[arms.indexOf(arm)] as LinearImage, corners?.[arm]));
  const { near, far } = readings;
  if (near.kind !== "read" || far.kind !== "read") return { kind: "unreadable" };
  if (near.shotId !== shot.shotId || far.shotId !== shot.shotId) return { kind: "mismatched" };
  return { kind: "read", differenceUs: Number(near.tick - far.tick) * usPerTick };
}

/** Where the config says, and else wherever a panel is to be seen. */
function reading(image: LinearImage, corners: LedCorners | undefined): LedReading {
  const told = corners && readLedCounterInImage(image, corners);
  if (told?.kind === "read") return told;
  const found = findLedPanel(image);
  if (found === null) return told ?? { kind: "unreadable", reason: "contrast" };
  return readLedCounterInImage(image, found);
}
