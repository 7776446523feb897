/**
 * What every camera owes its contract: on the virtual rig always, on a real camera when
 * NEARFAR_TEST_CAMERA_SERIAL names one and NEARFAR_TEST_BOARD the board that triggers it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CallerError, WorldError } from "../../src/base/errors.js";
import { createAravisBackend } from "../../src/devices/aravis/aravis-backend.js";
import type { Camera, CameraFrame, CameraSettings } from "../../src/devices/contract/camera.js";
import {
  armed,
  type CameraStand,
  fireAndReceive,
  nextFrame,
  openRealStand,
  startVirtualStand,
} from "../support/camera-stand.js";
import { systemClock } from "../support/system-clock.js";

const backend = createAravisBackend();
const sensor = { widthPx: 1280, heightPx: 1024 };

/** @param faults whether the stand can lose packets and unplug its camera */
function keepsTheContract(startStand: () => Promise<CameraStand>, faults: boolean): void {
  let stand: CameraStand;
  const opened: Camera[] = [];

  beforeAll(async () => {
    stand = await startStand();
  });
  afterAll(() => stand?.stop());
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((camera) => camera.close()));
  });

  async function open(): Promise<Camera> {
    const camera = await backend.open(stand.serial);
    opened.push(camera);
    return camera;
  }

  async function openArmed(): Promise<Camera> {
    return armed(await open(), stand.settings);
  }

  describe("finding and opening", () => {
    it("discovers the camera by its serial", async () => {
      const found = await backend.discover();
      expect(found.find((camera) => camera.serial === stand.serial)).toMatchObject({
        backend: backend.name,
        vendor: expect.stringMatching(/./),
        model: expect.stringMatching(/./),
        address: expect.stringMatching(/./),
      });
    });

    it("opens it by its serial", async () => {
      expect((await open()).identity).toMatchObject({ serial: stand.serial, firmware: expect.any(String) });
    });

    it("names the cameras that are there when the serial is unknown", async () => {
      const failure = await backend.open("NO-SUCH-SERIAL").catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WorldError);
      expect(failure).toMatchObject({
        code: "CAMERA_NOT_FOUND",
        message: expect.stringContaining(stand.serial),
        stack: expect.stringContaining("camera.test.ts"),
      });
    });

    it("finds a camera busy that somebody else controls", async () => {
      await open();
      await expect(backend.open(stand.serial)).rejects.toMatchObject({ code: "CAMERA_BUSY" });
    });

    it("gives up opening when it is aborted, and leaves the camera free", async () => {
      await expect(backend.open(stand.serial, AbortSignal.abort("early"))).rejects.toBe("early");
      await expect(backend.open(stand.serial, AbortSignal.timeout(50))).rejects.toThrow(/timeout/);
      await open();
    });
  });

  describe("configuring", () => {
    it("reads every setting back", async () => {
      const camera = await open();
      const held = await camera.configure(stand.settings);
      expect(held).toMatchObject({ ...stand.settings, region: { xPx: 0, yPx: 0 } });
      const region = { xPx: 64, yPx: 32, widthPx: 256, heightPx: 128 };
      await expect(camera.configure({ ...stand.settings, region })).resolves.toMatchObject({ region });
    });

    it.each<[string, Partial<CameraSettings>]>([
      ["an exposure of nothing", { exposureUs: 0 }],
      ["an exposure that is not a number", { exposureUs: Number.NaN }],
      ["a gain beyond its range", { gainDb: 1000 }],
      ["a trigger line that it lacks", { triggerLine: "Line99" }],
      ["a region off the sensor", { region: { xPx: 0, yPx: 0, widthPx: 99_999, heightPx: 16 } }],
    ])("refuses %s and stays usable", async (_, wrong) => {
      const camera = await open();
      const failure = await camera
        .configure({ ...stand.settings, ...wrong })
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CallerError);
      expect(failure).toMatchObject({ code: "CAMERA_REFUSED" });
      await expect(camera.arm()).rejects.toMatchObject({ code: "USAGE" });
      await camera.configure(stand.settings);
    });
  });

  describe("calls out of order", () => {
    it("are the caller's mistake", async () => {
      const camera = await open();
      await expect(camera.arm()).rejects.toThrow(CallerError);
      await expect(camera.disarm()).rejects.toThrow(CallerError);
      expect(() => camera.frames()).toThrow(CallerError);
      const configuring = camera.configure(stand.settings);
      await expect(camera.configure(stand.settings)).rejects.toMatchObject({ code: "USAGE" });
      await configuring;
      await camera.arm();
      await expect(camera.configure(stand.settings)).rejects.toMatchObject({ code: "USAGE" });
      await expect(camera.arm()).rejects.toMatchObject({ code: "USAGE" });
    });
  });

  describe("frames", () => {
    it("come one for each edge, numbered without a gap, whole and timed", async () => {
      const camera = await openArmed();
      const frames = camera.frames();
      let previous: CameraFrame | null = null;
      for (let shot = 0; shot < 8; shot++) {
        const beforeNs = systemClock.monotonicNs();
        const frame = await fireAndReceive(stand, frames);
        expect(frame).toMatchObject({ status: "complete", pixelFormat: stand.settings.pixelFormat });
        const bytesPerPixel = stand.settings.pixelFormat === "Mono8" ? 1 : 2;
        expect(frame.payload.byteLength).toBe(frame.widthPx * frame.heightPx * bytesPerPixel);
        expect(frame.payload.buffer).toBeInstanceOf(SharedArrayBuffer);
        expect(frame.hostTimeNs).toBeGreaterThan(beforeNs);
        expect(frame.hostTimeNs).toBeLessThan(systemClock.monotonicNs());
        if (previous !== null) {
          expect(frame.frameId).toBe(previous.frameId + 1);
          expect(frame.deviceTimeNs).toBeGreaterThan(previous.deviceTimeNs);
        }
        previous = frame;
        frame.release();
      }
      await expect(camera.statistics()).resolves.toMatchObject({ framesComplete: 8, framesIncomplete: 0 });
    });

    it("stay as they are until they are released; the camera starves and counts it", async () => {
      const camera = await openArmed();
      const frames = camera.frames();
      const first = await fireAndReceive(stand, frames);
      const copy = first.payload.slice();
      for (let shot = 0; shot < 20 && (await camera.statistics()).underruns === 0; shot++) {
        await stand.fire();
        await waitMs(150);
      }
      const { underruns, framesComplete } = await camera.statistics();
      expect(underruns).toBeGreaterThan(0);
      expect(Buffer.compare(first.payload, copy)).toBe(0);
      first.release();
      first.release();
      for (let taken = 1; taken < framesComplete; taken++) (await nextFrame(frames)).release();
      (await fireAndReceive(stand, frames)).release();
    });

    it.runIf(faults)("are delivered and counted when packets were lost", async () => {
      const camera = await openArmed();
      const frames = camera.frames();
      await stand.setFaults({ packetLoss: 0.5 });
      try {
        const frame = await fireAndReceive(stand, frames);
        expect(frame.status).not.toBe("complete");
        frame.release();
        const { framesIncomplete, packetsMissing } = await camera.statistics();
        expect(framesIncomplete).toBe(1);
        expect(packetsMissing).toBeGreaterThan(0);
      } finally {
        await stand.setFaults({ packetLoss: 0 });
      }
      const whole = await fireAndReceive(stand, frames);
      expect(whole.status).toBe("complete");
    });

    it("have one consumer at a time", async () => {
      const camera = await openArmed();
      const frames = camera.frames();
      expect(() => camera.frames()).toThrow(CallerError);
      const waiting = frames.next();
      await frames.return?.();
      await expect(waiting).resolves.toMatchObject({ done: true });
      (await fireAndReceive(stand, camera.frames())).release();
    });

    it("end when the camera is disarmed, and it can be armed again", async () => {
      const camera = await openArmed();
      const frames = camera.frames();
      const frame = await fireAndReceive(stand, frames);
      const waiting = frames.next();
      await camera.disarm();
      await expect(waiting).resolves.toMatchObject({ done: true });
      frame.release();
      await camera.arm();
      (await fireAndReceive(stand, camera.frames())).release();
      await expect(camera.statistics()).resolves.toMatchObject({ framesComplete: 1 });
    });

    it("that arrived before the disarm can still be read, until the next arm", async () => {
      const camera = await openArmed();
      const frames = camera.frames();
      await stand.fire();
      while ((await camera.statistics()).framesComplete === 0) await waitMs(10);
      await camera.disarm();
      (await nextFrame(frames)).release();
      await camera.arm();
      const later = camera.frames();
      await expect(frames.next()).resolves.toMatchObject({ done: true });
      (await fireAndReceive(stand, later)).release();
    });
  });

  describe("close", () => {
    it("ends the frames without an error, keeps what is out readable, and may be repeated", async () => {
      const camera = await openArmed();
      const frames = camera.frames();
      const frame = await fireAndReceive(stand, frames);
      const waiting = frames.next();
      await Promise.all([camera.close(), camera.close()]);
      await camera.close();
      await expect(waiting).resolves.toMatchObject({ done: true });
      expect(frame.payload.some((value) => value !== 0)).toBe(true);
      frame.release();
    });

    it("overtakes an arm in flight", async () => {
      const camera = await open();
      await camera.configure(stand.settings);
      const arming = camera.arm().catch((error: unknown) => error);
      await camera.close();
      expect(await arming).toMatchObject({ code: "CLOSED" });
    });

    it("leaves a camera that only says that it is closed", async () => {
      const camera = await open();
      await camera.close();
      for (const call of [
        () => camera.configure(stand.settings),
        () => camera.arm(),
        () => camera.disarm(),
        () => camera.statistics(),
        async () => camera.frames(),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: "CLOSED" });
      }
    });

    it("frees the camera for the next", async () => {
      await (await openArmed()).close();
      const next = await openArmed();
      (await fireAndReceive(stand, next.frames())).release();
    });
  });

  describe.runIf(faults)("an unplugged camera", () => {
    it("ends the frames with CAMERA_LOST, as does every later call but close", async () => {
      const camera = await openArmed();
      const frames = camera.frames();
      (await fireAndReceive(stand, frames)).release();
      await stand.setFaults({ unplugged: true });
      try {
        const loss = await frames.next().catch((error: unknown) => error);
        expect(loss).toBeInstanceOf(WorldError);
        expect(loss).toMatchObject({ code: "CAMERA_LOST" });
        await expect(camera.disarm()).rejects.toBe(loss);
        await expect(camera.statistics()).rejects.toBe(loss);
        expect(() => camera.frames()).toThrow(loss as Error);
        await camera.close();
      } finally {
        await stand.setFaults({ unplugged: false });
      }
      (await fireAndReceive(stand, (await openArmed()).frames())).release();
    });
  });
}

function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe("an Aravis camera of the virtual rig", () => {
  keepsTheContract(() => startVirtualStand(sensor), true);
});

const serial = process.env.NEARFAR_TEST_CAMERA_SERIAL;
const board = process.env.NEARFAR_TEST_BOARD;
const lacking =
  "plug in a GigE or USB3 Vision camera with Line0 on the board's near output, set NEARFAR_TEST_CAMERA_SERIAL and NEARFAR_TEST_BOARD";

describe.skipIf(serial === undefined || board === undefined)(
  `a real camera (else skipped: ${lacking})`,
  () => {
    keepsTheContract(() => openRealStand(serial ?? "", board ?? ""), false);
  },
);
