import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { alignmentInputOf } from "../../src/alignment/input/alignment-input-of.js";
import { CalibrationShelf } from "../../src/alignment/input/calibration-shelf.js";
import { referenceOfShot } from "../../src/alignment/input/reference-choice.js";
import { type ShotChoice, shotInput } from "../../src/alignment/input/shot-input.js";
import { type PairInput, usualParameters } from "../../src/alignment/pair-input.js";
import { createRecord } from "../../src/calibration/record/create-record.js";
import { gate } from "../../src/calibration/record/gate.js";
import { inputKeyOf } from "../../src/dataset/alignment-key.js";
import type { Dataset } from "../../src/dataset/dataset.js";
import { alignmentLimitsSchema } from "../../src/schema/alignment-limits.js";
import type { Calibration } from "../../src/schema/calibration.js";
import type { ColorCalibration } from "../../src/schema/calibration-color.js";
import type { PairCalibration } from "../../src/schema/calibration-geometry.js";
import { calibrationText } from "../../src/schema/calibration-text.js";
import type { FrameRecord, SessionRecord, ShotRecord } from "../../src/schema/records.js";
import { calibratedBench, passedGate, recordContext } from "../support/calibration-fixtures.js";
import { simulatedPair } from "../support/calibration-records.js";
import {
  frameRecord,
  intentOf,
  newSession,
  openStore,
  shotRecord,
  storePair,
  temporaryFolder,
} from "../support/dataset-fixtures.js";
import { simulatedColor } from "../support/simulated-color.js";

const limits = alignmentLimitsSchema.parse({});
const usual: ShotChoice = { allowExpired: false, withoutFlat: false, limits, references: [] };
/** Before the shots of these tests, and not to expire soon. */
const made = {
  createdAt: "2026-01-02T08:00:00.000Z",
  expiresAt: "2036-01-02T08:00:00.000Z",
  gates: [passedGate],
};
const frameSize = { widthPx: 1280, heightPx: 1024, pixelFormat: "BayerRG12" } as const;

const pairRecord = simulatedPair({ stops: 4, viewsPerStop: 2 }, made);
const colorRecord = simulatedColor({ ...made, createdAt: "2026-01-02T09:00:00.000Z" });

/** A record that differs in its body or header, with an id of its own. */
function variant<Kept extends Calibration>(
  record: Kept,
  body: Partial<Kept>,
  header: Parameters<typeof recordContext>[0] = {},
): Kept {
  const {
    format,
    version,
    calibrationId,
    createdAt,
    expiresAt,
    softwareVersion,
    commandLine,
    rig,
    gates,
    verdict,
    ...own
  } = record;
  const context = recordContext({ createdAt, expiresAt, rig, gates, ...header });
  return createRecord({ ...own, ...body } as never, context) as unknown as Kept;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataset: Dataset;

beforeEach(async () => {
  folder = await temporaryFolder();
  dataset = await openStore(folder.path);
});

afterEach(async () => {
  await dataset.close();
  await folder.remove();
});

async function sessionWith(...records: Calibration[]): Promise<SessionRecord> {
  for (const record of records) await dataset.addCalibration(record);
  return dataset.startSession(
    newSession({ calibrations: records.map(({ calibrationId }) => calibrationId) }),
  );
}

async function pairOf(
  session: SessionRecord,
  distanceMm: number,
  frame: Partial<FrameRecord> = {},
): Promise<ShotRecord> {
  const stored = await storePair(dataset, session, { intent: { distanceMm }, bytes: 4000 });
  return { ...stored, frames: stored.frames.map((each) => ({ ...each, ...frameSize, ...frame })) };
}

function inputOf(
  shot: ShotRecord,
  session: SessionRecord,
  choice: Partial<ShotChoice> = {},
): Promise<PairInput> {
  const shelf = new CalibrationShelf(dataset);
  return shotInput({ dataset, shelf }, shot, session, { ...usual, ...choice });
}

describe("what a stored pair is aligned by", () => {
  test("the calibrations in force, at the stop nearest to the shot's", async () => {
    const session = await sessionWith(pairRecord, colorRecord);
    const input = await inputOf(await pairOf(session, 302), session);
    expect(input.geometry?.record.calibrationId).toBe(pairRecord.calibrationId);
    expect(input.geometry?.record.stops[input.geometry.stopIndex]?.distanceMm).toBe(300);
    expect(input.color?.record.calibrationId).toBe(colorRecord.calibrationId);
    expect(input).toMatchObject({ distanceMm: 302, skewUs: -3.0625, expired: false, reference: null });
    const [entry] = await dataset.calibrations({ kind: "pair" });
    expect(input.geometry?.sha256).toBe(entry?.sha256);
  });

  test("without any in force the last of these cameras before the shot that did not fail", async () => {
    const older = variant(pairRecord, {}, { createdAt: "2026-01-01T08:00:00.000Z" });
    const failing = gate({
      id: "held-out-rms",
      title: "Held-out error",
      value: 3,
      unit: "px",
      warn: 1,
      fail: 2,
      advice: "Again.",
    });
    const failed = variant(pairRecord, {}, { createdAt: "2026-01-03T08:00:00.000Z", gates: [failing] });
    const later = variant(pairRecord, {}, { createdAt: "2035-01-01T08:00:00.000Z" });
    for (const record of [older, pairRecord, failed, later]) await dataset.addCalibration(record);
    const session = await sessionWith();
    const shot = await pairOf(session, 300);
    expect((await inputOf(shot, session)).geometry?.record.calibrationId).toBe(pairRecord.calibrationId);
    const named = await inputOf(shot, session, { pair: later.calibrationId });
    expect(named.geometry?.record.calibrationId).toBe(later.calibrationId);
    await expect(inputOf(shot, session, { pair: failed.calibrationId })).rejects.toMatchObject({
      code: "CALIBRATION_REFUSED",
      message: expect.stringContaining("Held-out error"),
    });
  });

  test("a record in a file does as well as one of the store, and is the same input", async () => {
    const session = await sessionWith(pairRecord);
    const shot = await pairOf(session, 300);
    const path = join(folder.path, "pair.json");
    await writeFile(path, calibrationText(pairRecord));
    const byId = await inputOf(shot, session);
    const byFile = await inputOf(shot, session, { pair: path });
    const keyOf = (input: PairInput): string =>
      inputKeyOf(alignmentInputOf(input, { ...usualParameters, limits }, ["ab".repeat(32)]));
    expect(keyOf(byFile)).toBe(keyOf(byId));
    const without = alignmentInputOf(byId, { ...usualParameters, limits, flow: false }, ["ab".repeat(32)]);
    expect(inputKeyOf(without)).not.toBe(keyOf(byId));
  });

  test("an expired refit of a session is followed by the calibration that it corrected", async () => {
    const refit = variant(colorRecord, { refitOf: colorRecord.calibrationId } as Partial<ColorCalibration>, {
      createdAt: "2026-01-05T08:00:00.000Z",
      expiresAt: "2026-01-05T12:00:00.000Z",
    });
    await dataset.addCalibration(colorRecord);
    const session = await sessionWith(pairRecord, refit as Calibration);
    const input = await inputOf(await pairOf(session, 300), session);
    expect(input.color?.record.calibrationId).toBe(colorRecord.calibrationId);
    expect(input.expired).toBe(false);
  });

  test("gray cameras have no color to calibrate", async () => {
    const session = await sessionWith(pairRecord, colorRecord);
    const shot = await pairOf(session, 300, { pixelFormat: "Mono12" });
    expect((await inputOf(shot, session)).color).toBeNull();
  });

  test("cameras of a virtual rig go by the serials of its config", async () => {
    const rig = { ...calibratedBench, near: { ...calibratedBench.near, serial: "VIRT-NEAR" } };
    const virtual = variant(pairRecord, {}, { rig });
    await dataset.addCalibration(virtual);
    const rigConfig = { near: { serial: "VIRT-NEAR" }, far: { serial: "CAM-far" } };
    const session = await dataset.startSession(newSession({ rigConfig }));
    const shot = await pairOf(session, 300, { cameraSerial: "VIRT-NEAR-A1B2C3" });
    expect((await inputOf(shot, session)).geometry?.record.calibrationId).toBe(virtual.calibrationId);
  });
});

describe("what does not hold is told with a code", () => {
  test.each([
    ["a stop that was not calibrated", 450, {}, {}, "ALIGN_NO_STOP", "230, 300, 390, 500"],
    ["frames of another size", 300, { widthPx: 1024 }, {}, "ALIGN_SIZE", "1024 × 1024 px upright"],
    ["frames of other cameras", 300, { cameraSerial: "OTHER" }, {}, "ALIGN_CAMERA", "OTHER"],
    ["a calibration of another kind", 300, {}, { pair: colorRecord.calibrationId }, "USAGE", "kind color"],
    ["a calibration that is not there", 300, {}, { pair: "no-such.json" }, "NOT_FOUND", "no-such.json"],
  ] as const)("%s", async (_what, distanceMm, frame, choice, code, words) => {
    const session = await sessionWith(pairRecord, colorRecord);
    const shot = await pairOf(session, distanceMm, frame);
    await expect(inputOf(shot, session, choice)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  test("a stop with too few views", async () => {
    const record = variant(pairRecord, { unsolvedStops: [{ distanceMm: 450 }] } as Partial<PairCalibration>);
    const session = await sessionWith(record);
    await expect(inputOf(await pairOf(session, 450), session)).rejects.toMatchObject({
      code: "ALIGN_NO_STOP",
      message: expect.stringContaining("too few views"),
    });
  });

  test("an expired calibration, unless that is allowed", async () => {
    const expired = variant(pairRecord, {}, { expiresAt: "2026-02-02T08:00:00.000Z" });
    const session = await sessionWith(expired);
    const shot = await pairOf(session, 300);
    await expect(inputOf(shot, session)).rejects.toMatchObject({ code: "ALIGN_EXPIRED" });
    expect((await inputOf(shot, session, { allowExpired: true })).expired).toBe(true);
  });

  test("a color calibration without flat field, unless that is allowed", async () => {
    const { near, far } = colorRecord.light;
    const light = { near: near && { ...near, flat: null }, far };
    const unflat = variant(colorRecord, { light } as Partial<ColorCalibration>);
    const session = await sessionWith(pairRecord, unflat);
    const shot = await pairOf(session, 300);
    await expect(inputOf(shot, session)).rejects.toMatchObject({
      code: "ALIGN_NO_FLAT",
      message: expect.stringContaining("near camera"),
    });
    expect((await inputOf(shot, session, { withoutFlat: true })).color).not.toBeNull();
  });

  test("no calibration at all, with advice what to do", async () => {
    const session = await sessionWith();
    await expect(inputOf(await pairOf(session, 300), session)).rejects.toMatchObject({
      code: "ALIGN_NO_CALIBRATION",
      advice: expect.stringContaining("--reference"),
    });
  });

  test("a damaged record, and damaged or missing frames when they are opened", async () => {
    const session = await sessionWith(pairRecord);
    const shot = await pairOf(session, 300);
    const input = await inputOf(shot, session);
    const [near] = shot.frames as [FrameRecord, FrameRecord];
    const path = dataset.objectPath({ sha256: near.objectSha256, bytes: near.bytes }, ".tif");
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] as number) ^ 1;
    await chmod(path, 0o600);
    await writeFile(path, bytes);
    await expect(input.near.open()).rejects.toMatchObject({ code: "FILE_CORRUPT" });
    const lost = { ...near, objectSha256: "00".repeat(32) };
    const [, far] = shot.frames as [FrameRecord, FrameRecord];
    const other = await inputOf({ ...shot, frames: [lost, far] }, session);
    await expect(other.near.open()).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });

  test("a shot that is no pair", async () => {
    const session = await sessionWith(pairRecord);
    const open = await dataset.openShot(intentOf(session));
    const frame = frameRecord("near", { sha256: "ab".repeat(32), bytes: 10 }, { outcome: "one-sided" });
    const shot = shotRecord(open, [frame], { outcome: "far-missing", verdict: "BROKEN" });
    await expect(inputOf(shot, session)).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("reference pairs", () => {
  test("stand in at their own stop where no calibration holds", async () => {
    const session = await sessionWith();
    const [at300, at450] = [await pairOf(session, 300), await pairOf(session, 450)];
    const references = [at300, at450].map((shot) => referenceOfShot(dataset, shot, session));
    const input = await inputOf(await pairOf(session, 451), session, { references });
    expect(input.geometry).toBeNull();
    expect(input.reference?.near.sha256).toBe(at450.frames[0]?.objectSha256);
    await expect(inputOf(await pairOf(session, 900), session, { references })).rejects.toMatchObject({
      code: "ALIGN_NO_CALIBRATION",
      message: expect.stringContaining("900 mm"),
    });
  });

  test("are not asked where a calibration holds, but where it has no such stop", async () => {
    const session = await sessionWith(pairRecord);
    const references = [
      referenceOfShot(dataset, await pairOf(session, 300), session),
      referenceOfShot(dataset, await pairOf(session, 450), session),
    ];
    expect((await inputOf(await pairOf(session, 300), session, { references })).reference).toBeNull();
    expect((await inputOf(await pairOf(session, 450), session, { references })).reference).not.toBeNull();
  });

  test("must be of the same size", async () => {
    const session = await sessionWith();
    const references = [referenceOfShot(dataset, await pairOf(session, 450, { widthPx: 640 }), session)];
    await expect(inputOf(await pairOf(session, 450), session, { references })).rejects.toMatchObject({
      code: "ALIGN_SIZE",
    });
  });
});
