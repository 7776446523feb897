/**
 * What every trigger board owes its contract: on the simulated board always, on a real one when
 * NEARFAR_TEST_BOARD names its port. A real board needs no cameras: nothing may be wired to it.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hostNsOfTick } from "../../src/devices/contract/clock-fit.js";
import type { TriggerSettings } from "../../src/devices/contract/trigger-board.js";
import type { SerialTriggerBoard } from "../../src/devices/trigger/board.js";
import { openTriggerBoard } from "../../src/devices/trigger/open-board.js";
import { SimulatedBoard } from "../support/simulated-board.js";
import { systemClock } from "../support/system-clock.js";

const clock = systemClock;
const ticksPerUs = 16;
const settings: TriggerSettings = {
  delayUs: { near: 0, far: 0 },
  pulseUs: 200,
  focusLeadMs: 0,
  feedbackTimeoutMs: 20,
  feedback: { near: false, far: false },
  strobe: false,
  strobeUs: 500,
};

/** @param findPath resolves with the port once the board is up */
function keepsTheContract(findPath: () => string): void {
  let board: SerialTriggerBoard;

  beforeEach(async () => {
    board = await openTriggerBoard({ path: findPath(), clock });
    await board.configure(settings);
  });

  afterEach(() => board.close());

  it("says who it is", () => {
    expect(board.identity).toMatchObject({
      path: findPath(),
      boardId: expect.stringMatching(/^[0-9a-f]{16}$/),
      bootId: expect.stringMatching(/^[0-9a-f]{8}$/),
      protocolVersion: expect.stringMatching(/^1\./),
    });
  });

  it("holds every setting to the tick", async () => {
    const wanted: TriggerSettings = {
      ...settings,
      delayUs: { near: 499_999.9375, far: 0.0625 },
      pulseUs: 12_345.5,
      focusLeadMs: 321,
      feedbackTimeoutMs: 1234,
      feedback: { near: true, far: false },
    };
    await expect(board.configure(wanted)).resolves.toEqual(wanted);
  });

  it("fires exactly as often as it was armed for", async () => {
    await board.arm(7, 2);
    const results = [await board.fire(7), await board.fire(7), await board.fire(7)];
    expect(results.map((result) => result.kind)).toEqual(["fired", "fired", "not-fired"]);
  });

  it("numbers its triggers without a gap and echoes the shot", async () => {
    const { triggersSinceBoot } = await board.status();
    for (const [index, shotId] of [41, 99].entries()) {
      await board.arm(shotId, 1);
      await expect(board.fire(shotId)).resolves.toMatchObject({
        kind: "fired",
        report: { shotId, triggerNumber: triggersSinceBoot + index + 1 },
      });
    }
  });

  it("keeps the delay of each arm to the tick", async () => {
    await board.configure({ ...settings, delayUs: { near: 1000.0625, far: 250 } });
    await board.arm(8, 1);
    const result = await board.fire(8);
    if (result.kind !== "fired") throw new Error(result.reason);
    const { near, far } = result.report.edgeTick;
    expect(near - far).toBe(BigInt(750.0625 * ticksPerUs));
  });

  it("does not fire unarmed, another shot, or after disarm", async () => {
    await expect(board.fire(1)).resolves.toMatchObject({ kind: "not-fired" });
    await board.arm(2, 1);
    await expect(board.fire(3)).resolves.toMatchObject({ kind: "not-fired" });
    await board.disarm();
    await expect(board.fire(2)).resolves.toMatchObject({ kind: "not-fired" });
    expect((await board.status()).state).toBe("idle");
  });

  it("says armed when it is armed", async () => {
    await board.arm(4, 3);
    expect((await board.status()).state).toBe("armed");
  });

  it("is disarmed by a close", async () => {
    await board.arm(5, 1);
    await board.close();
    board = await openTriggerBoard({ path: findPath(), clock });
    expect((await board.status()).state).toBe("idle");
    await expect(board.fire(5)).resolves.toMatchObject({ kind: "not-fired" });
  });

  it("disarmed during its focus lead, does not fire", async () => {
    await board.configure({ ...settings, focusLeadMs: 2000 });
    await board.arm(6, 1);
    const firing = board.fire(6);
    await expect.poll(async () => (await board.status()).state).toBe("firing");
    await board.disarm();
    await expect(firing).resolves.toMatchObject({ kind: "not-fired" });
  });

  it("stays alive through a focus lead that is longer than its host time-out", async () => {
    await board.configure({ ...settings, focusLeadMs: 4500 });
    await board.arm(9, 1);
    await expect(board.fire(9)).resolves.toMatchObject({ kind: "fired" });
  });

  it("maps its ticks to host time", async () => {
    await expect.poll(() => board.clockFit?.sampleCount ?? 0, { timeout: 3000 }).toBeGreaterThanOrEqual(8);
    const fit = board.clockFit;
    if (fit === null) throw new Error("no fit");
    const before = clock.monotonicNs();
    const { tick } = await board.status();
    const after = clock.monotonicNs();
    const marginNs = 5_000_000n;
    expect(hostNsOfTick(fit, tick)).toBeGreaterThan(before - marginNs);
    expect(hostNsOfTick(fit, tick)).toBeLessThan(after + marginNs);
    expect(fit.residualUs).toBeLessThan(2000);
  });

  it("may be closed twice, and then only says that it is closed", async () => {
    await Promise.all([board.close(), board.close()]);
    await expect(board.fire(1)).rejects.toMatchObject({ code: "CLOSED" });
    await expect(board.reconnect()).rejects.toMatchObject({ code: "CLOSED" });
  });
}

describe("simulated board", () => {
  let simulated: SimulatedBoard;
  beforeAll(async () => {
    simulated = await SimulatedBoard.start();
  });
  afterAll(() => simulated.stop());

  keepsTheContract(() => simulated.path);
});

const hardware = process.env.NEARFAR_TEST_BOARD;
describe.skipIf(hardware === undefined)(
  "real board (plug an Uno with the trigger firmware in and set NEARFAR_TEST_BOARD to its port)",
  () => keepsTheContract(() => hardware ?? ""),
);
