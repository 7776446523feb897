/** Stores in temporary folders and records to put into them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "../../src/base/log.js";
import type { Dataset, NewSession, OpenShot, ShotIntent, StoredObject } from "../../src/dataset/dataset.js";
import { type OpenOptions, openDataset } from "../../src/dataset/open-dataset.js";
import type { ArmName, FrameRecord, SessionRecord, ShotRecord } from "../../src/schema/records.js";
import { systemClock } from "./system-clock.js";

export const storeOptions = { clock: systemClock, logger: silentLogger } as const;

/** A folder that `remove` deletes with all it holds. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "nearfar-dataset-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export function openStore(
  directory: string,
  mode: OpenOptions["mode"] = "create-if-missing",
  overrides: Partial<OpenOptions> = {},
): Promise<Dataset> {
  return openDataset(directory, { ...storeOptions, mode, ...overrides });
}

export function newSession(overrides: Partial<NewSession> = {}): NewSession {
  return {
    subject: { subjectId: "P001", consentRef: "form-17" },
    rigName: "bench",
    rigConfig: { near: { exposureUs: 8000 } },
    plan: { distancesMm: [230, 450] },
    devices: { board: "0123456789abcdef" },
    softwareVersion: "0.1.0",
    ...overrides,
  };
}

export function intentOf(session: SessionRecord, overrides: Partial<ShotIntent> = {}): ShotIntent {
  return {
    sessionId: session.sessionId,
    purpose: "pair",
    planIndex: 0,
    distanceMm: 450.5,
    expression: "neutral",
    pose: "frontal",
    repeat: 0,
    retakeOf: null,
    ...overrides,
  };
}

/** Bytes on shared memory that no other seed gives; `length` at least 8. */
export function frameBytes(seed: number, length = 20_000): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(length));
  for (let index = 0; index < length; index += 1)
    bytes[index] = (Math.imul(index + seed, 2_654_435_761) >>> 13) & 255;
  new DataView(bytes.buffer).setFloat64(0, seed);
  return bytes;
}

export function frameRecord(
  arm: ArmName,
  object: StoredObject,
  overrides: Partial<FrameRecord> = {},
): FrameRecord {
  return {
    arm,
    outcome: "paired",
    objectSha256: object.sha256,
    bytes: object.bytes,
    cameraSerial: `CAM-${arm}`,
    frameId: 41,
    deviceTimeNs: "9007199254740993",
    hostTimeNs: "123456789012345678",
    status: "complete",
    pixelFormat: "Mono12",
    widthPx: 100,
    heightPx: 100,
    bitDepth: 12,
    blackLevel: 64,
    whiteLevel: 4095,
    mount: { rotationDeg: 90, mirrored: arm === "near" },
    exposureUs: 8000.25,
    gainDb: 1.5,
    quality: { meanShare: 0.1 + 0.2, clippedShare: 0, sharpness: 1 / 3 },
    ...overrides,
  };
}

/** A committed shot that fits what was opened; paired when it has frames of both arms. */
export function shotRecord(
  open: OpenShot,
  frames: FrameRecord[],
  overrides: Partial<ShotRecord> = {},
): ShotRecord {
  const { openedAt, ...intent } = open;
  return {
    ...intent,
    capturedAt: openedAt,
    bootId: "89abcdef",
    triggerNumber: open.shotId,
    edgeTick: { near: "281474976710655", far: "281474976710654" },
    exposureStartTick: { near: "281474976710000", far: null },
    exposureEndTick: { near: null, far: "7" },
    strobeTick: null,
    hostTimeNs: "9223372036854775807",
    clockResidualUs: 0.125,
    skewUs: -3.0625,
    skewKind: "measured",
    outcome: "paired",
    verdict: "KEEP",
    reasons: [],
    frames,
    ...overrides,
  };
}

/** Opens, writes and commits one pair, as capture does; resolves when it is acknowledged. */
export async function storePair(
  dataset: Dataset,
  session: SessionRecord,
  overrides: {
    readonly intent?: Partial<ShotIntent>;
    readonly shot?: Partial<ShotRecord>;
    readonly bytes?: number;
  } = {},
): Promise<ShotRecord> {
  const open = await dataset.openShot(intentOf(session, overrides.intent));
  const objects = await Promise.all(
    [0, 1].map((arm) => dataset.writeObject([frameBytes(2 * open.shotId + arm, overrides.bytes)], ".tif")),
  );
  const [near, far] = objects as [StoredObject, StoredObject];
  const shot = shotRecord(open, [frameRecord("near", near), frameRecord("far", far)], overrides.shot);
  await dataset.commitShot(shot);
  return shot;
}
