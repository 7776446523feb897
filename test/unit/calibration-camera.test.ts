/** One camera from corners: published figures, worlds that are known exactly, and what must be refused. */
import { afterAll, describe, expect, it } from "vitest";
import { calibrateCamera } from "../../src/calibration/geometry/camera/calibrate-camera.js";
import { readCornerFile } from "../../src/calibration/geometry/observations/corner-file.js";
import { flipX } from "../../src/calibration/geometry/observations/flip.js";
import { knownBoard } from "../../src/calibration/geometry/observations/known-boards.js";
import type { ImageSighting } from "../../src/calibration/geometry/observations/seen-board.js";
import { createRecord } from "../../src/calibration/record/create-record.js";
import { cameraObservations } from "../../src/calibration/record/observations.js";
import { mirrored } from "../../src/geometry/brown-camera.js";
import { createSolver } from "../../src/native/solver.js";
import { recordContext } from "../support/calibration-fixtures.js";
import {
  cameraInWorld,
  sighting,
  sightingsOf,
  type World,
  worldBoard,
  worldSizePx,
} from "../support/camera-world.js";
import { sharedData } from "../support/shared-data.js";

const solver = createSolver();
afterAll(() => solver.close());

const good: World = { views: 20, tiltDeg: 40, noisePx: 0.1 };

describe("a world that is known", () => {
  it("comes back without noise to the last digits, partial boards and all", async () => {
    const sightings = sightingsOf({ ...good, noisePx: 0 });
    expect(sightings.some(({ boards }) => (boards[0]?.ids.length ?? 0) < 54)).toBe(true);
    const { body } = await calibrateCamera(sightings, worldBoard, { solver });
    for (const [i, value] of cameraInWorld.entries()) {
      expect(body.camera.intrinsics[i], `intrinsics[${i}]`).toBeCloseTo(value, 5);
    }
    expect(body.errors.rmsPointPx).toBeLessThan(1e-6);
  });

  it("comes back from noisy corners within its sigmas, and the noise as it is", async () => {
    const { body, gates } = await calibrateCamera(sightingsOf(good), worldBoard, { solver });
    for (const [i, value] of cameraInWorld.entries()) {
      const sigma = body.camera.sigma[i] as number;
      expect(Math.abs((body.camera.intrinsics[i] as number) - value), `intrinsics[${i}]`).toBeLessThan(
        4 * sigma,
      );
    }
    expect(body.errors.noiseSigmaPx / 0.1).toBeCloseTo(1, 1);
    expect(body.errors.heldOutRmsPx ?? 0).toBeGreaterThan(body.errors.rmsPointPx);
    expect(body.errors.heldOutRmsPx ?? 0).toBeLessThan(1.1 * body.errors.rmsPointPx);
    expect(gates.filter(({ state }) => state !== "PASS")).toEqual([]);
  });

  it("has halves that differ about as much as their uncertainties say", async () => {
    const { facts, body } = await calibrateCamera(sightingsOf(good), worldBoard, {
      solver,
      distanceMm: 2000,
    });
    expect(facts.crossValidationRatio).toBeGreaterThan(0.2);
    expect(facts.crossValidationRatio).toBeLessThan(2.5);
    const [near, far] = body.uncertainty;
    expect(far?.distanceMm).toBe(2000);
    const middle = (values: readonly (number | null)[] = []) => values[Math.floor(values.length / 2)] ?? 0;
    expect(middle(near?.map.values)).toBeGreaterThan(0);
    expect(middle(far?.map.values)).toBeGreaterThan(middle(near?.map.values));
  });

  it("is the mirrored camera when it is seen in a mirror, to a millionth", async () => {
    const sightings = sightingsOf(good);
    const seenInMirror = sightings.map(({ image, boards }) => {
      const [seen] = boards;
      if (seen === undefined) throw new Error("no board");
      return sighting(image, { ids: seen.ids, pointsPx: flipX(seen.pointsPx, worldSizePx[0]) });
    });
    const [straight, flipped] = await Promise.all(
      [sightings, seenInMirror].map((set) => calibrateCamera(set, worldBoard, { solver })),
    );
    const expected = mirrored(straight?.body.camera.intrinsics ?? cameraInWorld, worldSizePx[0]);
    for (const [i, value] of expected.entries()) {
      expect(Math.abs((flipped?.body.camera.intrinsics[i] ?? 0) - value), `intrinsics[${i}]`).toBeLessThan(
        1e-6,
      );
    }
    expect(flipped?.body.errors.rmsPointPx).toBeCloseTo(straight?.body.errors.rmsPointPx ?? 0, 8);
  });
});

describe("a bent board", () => {
  const world: World = { ...good, bendMm: [0.6, 0] };

  it("is told with its number, and warned of", async () => {
    const { facts, gates } = await calibrateCamera(sightingsOf(world), worldBoard, { solver });
    expect(facts.bend?.bendMm[0]).toBeCloseTo(0.6, 1);
    expect(facts.bend?.per200Mm).toBeCloseTo(0.6, 1);
    expect(gates.find(({ id }) => id === "board-bend")?.state).toBe("WARN");
  });

  it("is solved for when asked, and then residuals are those of the noise", async () => {
    const sightings = sightingsOf(world);
    const flat = await calibrateCamera(sightings, worldBoard, { solver });
    const { body } = await calibrateCamera(sightings, worldBoard, { solver, warp: true });
    expect(body.errors.noiseSigmaPx).toBeLessThan(flat.body.errors.noiseSigmaPx);
    expect(body.errors.noiseSigmaPx / 0.1).toBeCloseTo(1, 1);
    expect(body.board.warpMm?.[0]).toBeCloseTo(0.6, 1);
  });
});

describe("bad corners", () => {
  it("are left out, counted and shown, and hardly move the camera", async () => {
    const sightings = sightingsOf(good);
    const spoilt = sightings.map((each, view) => {
      const [seen] = each.boards;
      if (seen === undefined || view % 3 !== 0) return each;
      const pointsPx = seen.pointsPx.map((value, i) => (i === 20 ? value + 4 : value));
      return sighting(each.image, { ids: seen.ids, pointsPx });
    });
    const { body, gates } = await calibrateCamera(spoilt, worldBoard, { solver });
    expect(body.errors.outliers).toBe(7);
    const states = gates.filter(({ id }) => id.startsWith("worst-view")).map(({ id, state }) => [id, state]);
    expect(states).toEqual([
      ["worst-view", "PASS"],
      ["worst-view-outliers", "PASS"],
    ]);
    expect(body.views[3]?.sighting?.outliers).toEqual([10]);
    expect(Math.abs((body.camera.intrinsics[0] as number) - 610)).toBeLessThan(
      4 * (body.camera.sigma[0] as number),
    );
  });

  it("of a whole image leave that image out, with a reason", async () => {
    const sightings = sightingsOf(good);
    const [seen] = sightings[4]?.boards ?? [];
    if (seen === undefined) throw new Error("no board");
    const shifted = seen.ids.map((id) => (id + 3) % 54).toSorted();
    sightings[4] = sighting("wrong", { ids: shifted, pointsPx: seen.pointsPx });
    const { body, facts, gates } = await calibrateCamera(sightings, worldBoard, { solver });
    expect(facts.views).toBe(19);
    expect(gates.find(({ id }) => id === "unused-images")).toMatchObject({ value: 5, state: "PASS" });
    const [wrong, kept] = [body.views[4], body.views[5]];
    expect(wrong).toMatchObject({ image: "wrong", T_camera_board: null });
    expect(wrong?.message).toMatch(/do not fit the board/);
    // The record has its corners all the same; there are no residuals without a pose.
    expect(wrong?.sighting).toMatchObject({
      ids: [...shifted],
      pointsPx: [...seen.pointsPx],
      residualsPx: [],
    });
    expect(kept?.sighting?.residualsPx).toHaveLength(kept?.sighting?.pointsPx.length as number);
  });
});

describe("a record", () => {
  it("is solved again as it was solved, whatever that was", async () => {
    const sightings = sightingsOf({ ...good, views: 12 });
    const [seen] = sightings[4]?.boards ?? [];
    if (seen === undefined) throw new Error("no board");
    sightings[4] = sighting("scrap", { ids: seen.ids.slice(0, 5), pointsPx: seen.pointsPx.slice(0, 10) });
    const options = { shapeSigmaMm: 0.05, robustSigmas: 2, distanceMm: 1500 };
    const { body, gates } = await calibrateCamera(sightings, worldBoard, { solver, ...options });
    expect(body.solve).toEqual({ ...options, warp: false, expected: "any" });
    const record = createRecord(body, recordContext({ gates }));
    const observed = cameraObservations(record);
    const again = await calibrateCamera(observed.sightings, observed.board, { solver, ...record.solve });
    expect(again.body.solve).toEqual(body.solve);
    expect(again.gates.map(({ id, state }) => `${id} ${state}`)).toEqual(
      gates.map(({ id, state }) => `${id} ${state}`),
    );
    for (const [i, value] of body.camera.intrinsics.entries())
      expect(again.body.camera.intrinsics[i], `intrinsics[${i}]`).toBeCloseTo(value, 4);
    expect(again.body.views.map(({ image, message }) => [image, message])).toEqual(
      body.views.map(({ image, message }) => [image, message]),
    );
    expect(again.body.views[4]?.sighting?.ids).toHaveLength(5);
  });
});

describe("images that were handled unlike the others", () => {
  /** A camera whose middle is 25 px off, the chosen views reversed along some axes. */
  const handled = (
    sightings: readonly ImageSighting[],
    chosen: (view: number) => boolean,
    [across, down]: readonly [boolean, boolean],
  ): ImageSighting[] =>
    sightings.map((each, view) => {
      const [seen] = each.boards;
      if (seen === undefined) return each;
      const pointsPx = seen.pointsPx.map((value, i) => {
        const axis = i % 2 === 0 ? 0 : 1;
        const px = value + (axis === 0 ? 20 : 0);
        return chosen(view) && (axis === 0 ? across : down) ? worldSizePx[axis] - 1 - px : px;
      });
      return sighting(each.image, { ids: seen.ids, pointsPx });
    });

  it.each([
    ["every second flipped", (view: number) => view % 2 === 1, [true, false], /flipped left to right/],
    [
      "a few flipped",
      (view: number) => [3, 8, 13].includes(view),
      [true, false],
      /^view 4, view 9, view 14 are/,
    ],
    ["every second turned", (view: number) => view % 2 === 1, [true, true], /turned by 180°/],
  ] as const)("%s are told, and refused", async (_, chosen, axes, message) => {
    const mixed = handled(sightingsOf(good), chosen, axes);
    await expect(calibrateCamera(mixed, worldBoard, { solver })).rejects.toMatchObject({
      code: "CALIBRATION_REFUSED",
      message: expect.stringMatching(message),
    });
  });

  it("are not suspected of what a bent board or a wrong corner did", async () => {
    for (const world of [
      { ...good, bendMm: [1.5, -1] as const },
      { ...good, views: 8, noisePx: 0.5 },
    ]) {
      const { facts } = await calibrateCamera(sightingsOf(world), worldBoard, { solver });
      expect(facts.views).toBe(world.views);
    }
  });
});

describe("uncertainty", () => {
  it("is told where corners were seen too, and where it is worst there", async () => {
    const { facts, gates, body } = await calibrateCamera(sightingsOf(good), worldBoard, { solver });
    const [{ medianPx, coveredPx, worstAtPx } = { medianPx: 0, coveredPx: 0, worstAtPx: [0, 0] }] =
      facts.uncertainty;
    const values = (body.uncertainty[0]?.map.values ?? []).filter((value) => value !== null);
    expect(coveredPx).toBeGreaterThan(medianPx);
    expect(coveredPx).toBeLessThanOrEqual(Math.max(...values));
    const away = Math.hypot(worstAtPx[0] - 320, worstAtPx[1] - 240);
    expect(away).toBeGreaterThan(200);
    expect(gates.map(({ id }) => id)).toContain("uncertainty-covered");
  });
});

describe("is refused", () => {
  const refused = (message: RegExp) => ({
    code: "CALIBRATION_REFUSED",
    message: expect.stringMatching(message),
  });

  it("with too few views", async () => {
    const few = sightingsOf({ ...good, views: 3 });
    await expect(calibrateCamera(few, worldBoard, { solver })).rejects.toMatchObject(refused(/3 images/));
    const nothing = few.map((each) => ({
      ...each,
      boards: [],
      missing: [{ boardId: worldBoard.id, message: "too dark" }],
    }));
    await expect(calibrateCamera(nothing, worldBoard, { solver })).rejects.toMatchObject({
      code: "CALIBRATION_FAILED",
      message: expect.stringMatching(/none of 3 images: too dark/),
    });
  });

  it.each([0, 0.1])("with the board always at one angle, noise %d px", async (noisePx) => {
    const parallel = sightingsOf({ views: 12, tiltDeg: 0, noisePx });
    await expect(calibrateCamera(parallel, worldBoard, { solver })).rejects.toMatchObject(
      refused(/one angle/),
    );
  });

  it("with the board's corners across for those down, which is advised", async () => {
    const { squaresX, squaresY, ...board } = worldBoard.board;
    const other = knownBoard(worldBoard.id, { ...board, squaresX: squaresY, squaresY: squaresX });
    await expect(calibrateCamera(sightingsOf(good), other, { solver })).rejects.toMatchObject({
      code: expect.stringMatching(/CALIBRATION_(REFUSED|FAILED)/),
      advice: expect.stringContaining("across × down"),
    });
  });

  it("with images of different sizes, both of them named", async () => {
    const [first, ...others] = sightingsOf(good);
    const turned = { ...first, sizePx: [480, 640] } as ImageSighting;
    await expect(calibrateCamera([turned, ...others], worldBoard, { solver })).rejects.toMatchObject(
      refused(/480 × 640 px \(1, as view 1\); 640 × 480 px \(19, as view 2\)/),
    );
  });

  it("warned of, with few views", async () => {
    const { gates } = await calibrateCamera(sightingsOf({ ...good, views: 5 }), worldBoard, { solver });
    expect(gates.find(({ id }) => id === "views")?.state).toBe("WARN");
    expect(gates.find(({ id }) => id === "held-out-ratio")?.state).toBe("UNKNOWN");
    expect(gates.find(({ id }) => id === "cross-validation")).toMatchObject({
      state: "UNKNOWN",
      advice: expect.stringMatching(/^Take more images/),
    });
  });
});

const corners = sharedData("opencv-left");
const skipped = corners === null ? " (skipped: there is no ../shared/data/opencv-left)" : "";

describe.skipIf(corners === null)(`OpenCV's photographs of a chessboard${skipped}`, () => {
  const calibrated = async (file: string) => {
    const { board, sightings } = await readCornerFile(`${corners}/${file}`);
    return (await calibrateCamera(sightings, board, { solver })).body;
  };

  it("give OpenCV's numbers from corners measured in a window of 5", async () => {
    const { camera, errors } = await calibrated("corners-win5.json");
    for (const [i, value] of [532.827, 532.946, 342.487, 233.856].entries()) {
      expect(Math.abs((camera.intrinsics[i] as number) - value), `intrinsics[${i}]`).toBeLessThan(1e-3);
    }
    expect(errors.rmsPointPx).toBeCloseTo(0.19542, 5);
    expect(errors.rmsCoordinatePx).toBeCloseTo(0.13818, 5);
    expect(errors.heldOutRmsPx).toBeGreaterThan(0.197);
    expect(errors.heldOutRmsPx).toBeLessThan(0.199);
    expect(errors.outliers).toBe(0);
    expect(camera.sigma[0]).toBeCloseTo(0.46, 1);
  });

  it("give the right focal length from a window of 11, whose wrong corners are found", async () => {
    const { camera, errors } = await calibrated("corners-win11.json");
    expect(Math.abs(camera.intrinsics[0] - 533.5)).toBeLessThan(1);
    expect(errors.outliers).toBeGreaterThan(10);
  });
});
