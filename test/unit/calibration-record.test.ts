import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecord, daysAfter } from "../../src/calibration/record/create-record.js";
import { type GateLimits, gate, verdictOf } from "../../src/calibration/record/gate.js";
import { cameraObservations, pairObservations } from "../../src/calibration/record/observations.js";
import { readRecordFile, resolveRecord } from "../../src/calibration/record/record-file.js";
import { pairFindings } from "../../src/cli/calibrate/pair-result.js";
import { calibrationText, parseCalibrationText } from "../../src/schema/calibration-text.js";
import {
  cameraBody,
  cameraRecord,
  passedGate,
  recordContext,
  syncRecord,
} from "../support/calibration-fixtures.js";
import { simulatedCamera, simulatedPair } from "../support/calibration-records.js";

const rms: GateLimits = {
  id: "rms",
  title: "Reprojection error",
  value: 0.1,
  unit: "px",
  warn: 0.3,
  fail: 0.5,
  advice: "Refocus.",
};

describe("gates", () => {
  it.each([
    [0.3, "lower", "PASS"],
    [0.31, "lower", "WARN"],
    [0.5, "lower", "WARN"],
    [0.51, "lower", "FAIL"],
    [0.51, "higher", "PASS"],
    [0.29, "higher", "FAIL"],
    [null, "lower", "UNKNOWN"],
    [Number.NaN, "lower", "UNKNOWN"],
  ] as const)("%s, %s being better, is %s", (value, better, state) => {
    const limits = better === "higher" ? { warn: 0.5, fail: 0.3 } : {};
    expect(gate({ ...rms, ...limits, value, better }).state).toBe(state);
  });

  it("fail for a value that must be there and is not, and say what to do", () => {
    expect(gate({ ...rms, value: null, required: true })).toMatchObject({
      state: "FAIL",
      advice: "Refocus.",
    });
    expect(gate(rms).advice).toBeNull();
  });

  it("make a verdict of the worst, unknown counting as a warning", () => {
    const unknown = gate({ ...rms, value: null });
    expect(verdictOf([])).toBe("PASS");
    expect(verdictOf([gate(rms), unknown])).toBe("WARN");
    expect(verdictOf([unknown, gate({ ...rms, value: 1 }), gate(rms)])).toBe("FAIL");
  });
});

describe("a calibration record", () => {
  it("is named by time, chance and kind, and judged by its gates", () => {
    const record = cameraRecord({ gates: [passedGate, gate({ ...rms, value: 0.4 })] });
    expect(record.calibrationId).toMatch(/^20261123T081530Z-[0-9a-f]{6}-camera$/);
    expect(record.calibrationId).not.toBe(cameraRecord().calibrationId);
    expect(record.verdict).toBe("WARN");
    expect(daysAfter(record.createdAt, 30)).toBe("2026-12-23T08:15:30.123Z");
  });

  it("is frozen to the depth and equal to what its text is read back to", () => {
    const record = cameraRecord();
    expect(() => {
      record.camera.intrinsics[0] = 1;
    }).toThrow(TypeError);
    expect(parseCalibrationText(calibrationText(record))).toEqual({ ok: true, record });
  });

  it("keeps intrinsics to the last digit and corners to a millionth of a pixel", () => {
    const focal = 532.827 + 1e-13;
    const { camera } = cameraBody;
    const [, ...others] = camera.intrinsics;
    const record = createRecord(
      { ...cameraBody, camera: { ...camera, intrinsics: [focal, ...others] } },
      recordContext(),
    );
    expect(record.camera.intrinsics[0]).toBe(focal);
    expect(record.views[0]?.sighting?.pointsPx[0]).toBe(100.123457);
    expect(record.views[0]?.sighting?.residualsPx).toEqual([0.1, 0, 0, 0.25]);
  });

  it("has the same text whatever order its members came in", () => {
    const record = cameraRecord();
    const shuffled = Object.fromEntries(Object.entries(record).reverse()) as typeof record;
    expect(calibrationText(shuffled)).toBe(calibrationText(record));
  });

  it("is refused with the member's name when a number is missing", () => {
    const sigma = [Number.NaN, 0, 0, 0, 0, 0, 0, 0, 0] as const;
    const body = { ...cameraBody, camera: { ...cameraBody.camera, sigma } };
    expect(() => createRecord(body, recordContext())).toThrow(
      expect.objectContaining({
        code: "CALIBRATION_FAILED",
        message: expect.stringContaining("camera.sigma[0]"),
      }),
    );
  });
});

describe("the observations in a record", () => {
  it("are a camera's images and board, used or not, as they were", () => {
    const record = simulatedCamera(5);
    const { board, sightings } = cameraObservations(record);
    expect(board.cornersMm).toEqual(record.board.cornersMm);
    const corners = new Set(record.board.cornersMm.map(([x]) => x)).size;
    expect(board.board).toMatchObject({
      squaresX: corners + 1,
      squaresY: record.board.cornersMm.length / corners + 1,
    });
    expect(sightings.map(({ image }) => image)).toEqual(record.views.map(({ image }) => image));
    for (const [index, { boards, missing }] of sightings.entries()) {
      const sighting = record.views[index]?.sighting ?? null;
      expect(boards.map(({ pointsPx }) => [...pointsPx])).toEqual(
        sighting === null ? [] : [sighting.pointsPx],
      );
      expect(missing).toHaveLength(sighting === null ? 1 : 0);
    }
  });

  it("are a pair's views, each with its stop, board and arms", () => {
    const record = simulatedPair({ stops: 2, viewsPerStop: 2 });
    const input = pairObservations(record);
    expect(input.stops).toEqual([{ distanceMm: 230 }, { distanceMm: 300 }]);
    expect(input.views.map(({ stop, role }) => `${stop} ${role}`)).toEqual([
      "0 eye-plane",
      "0 pose",
      "1 eye-plane",
      "1 pose",
    ]);
    expect(input.views[3]?.far?.ids).toEqual(Int32Array.from(record.views[3]?.far?.ids ?? []));
    expect(input.boards[0]?.id).toBe(input.views[0]?.boardId);
    expect(input.farDistanceMm).toBeCloseTo(1600, 1);
  });
});

describe("the stops of a pair", () => {
  it("are told apart where the carriage came back to one, which is advised of once", () => {
    const record = simulatedPair({ stops: 2, viewsPerStop: 1 });
    const [first] = record.stops;
    if (first === undefined) throw new Error("no stops");
    const advised = { ...first, readOuts: { ...first.readOuts, advice: ["Turn the knob."] } };
    const lines = pairFindings({ ...record, stops: [advised, ...record.stops.slice(1), advised] });
    expect(
      lines.filter((line) => /^\d+(, return)? /.test(line)).map((line) => line.split(/ {2,}/)[0]),
    ).toEqual([expect.stringMatching(/^2 views/), "230", "300", "230, return"]);
    expect(lines.filter((line) => line.includes("Turn the knob."))).toHaveLength(1);
  });
});

describe("a record's file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearfar-record-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function fileOf(text: string): Promise<string> {
    const path = join(folder, "record.json");
    await writeFile(path, text);
    return path;
  }

  it("is read back whole", async () => {
    const record = syncRecord();
    expect(await readRecordFile(await fileOf(calibrationText(record)))).toEqual(record);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, 100), "not JSON"],
    ["altered", (text: string) => text.replace('"near":15', '"near":"15"'), "before.delayUs.near"],
    ["of a later version", (text: string) => text.replace('"version":1', '"version":2'), "version"],
    ["of no known kind", (text: string) => text.replace('"kind":"sync"', '"kind":"smell"'), "kind"],
  ])("that was %s is refused by name", async (_how, alter, member) => {
    const path = await fileOf(alter(calibrationText(syncRecord())));
    await expect(readRecordFile(path)).rejects.toMatchObject({
      code: "FILE_CORRUPT",
      message: expect.stringContaining(member),
    });
  });

  it("that is not there, or an id without a store, is the caller's mistake", async () => {
    await expect(readRecordFile(join(folder, "none.json"))).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("neither the id of a calibration nor a file"),
    });
    await expect(resolveRecord(syncRecord().calibrationId, null)).rejects.toMatchObject({ code: "USAGE" });
  });
});
