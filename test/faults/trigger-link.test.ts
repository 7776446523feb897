/** The trigger client against the real firmware on the simulated chip, with the world failing. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Arm, FireResult, TriggerSettings } from "../../src/devices/contract/trigger-board.js";
import type { SerialTriggerBoard } from "../../src/devices/trigger/board.js";
import { openTriggerBoard } from "../../src/devices/trigger/open-board.js";
import { type PinEdge, SimulatedBoard } from "../support/simulated-board.js";
import { systemClock } from "../support/system-clock.js";

const clock = systemClock;
const settings: TriggerSettings = {
  delayUs: { near: 0, far: 0 },
  pulseUs: 200,
  focusLeadMs: 0,
  feedbackTimeoutMs: 20,
  feedback: { near: false, far: false },
  strobe: false,
  strobeUs: 500,
};

function rises(edges: readonly PinEdge[], pin: string): PinEdge[] {
  return edges.filter((edge) => edge.pin === pin && edge.level === 1);
}

describe("the trigger client on a failing link", () => {
  let simulated: SimulatedBoard;
  let board: SerialTriggerBoard;

  beforeEach(async () => {
    simulated = await SimulatedBoard.start();
    board = await openTriggerBoard({ path: simulated.path, clock, settleMs: 1500 });
    await board.configure(settings);
    await simulated.takeEdges();
  });

  afterEach(async () => {
    await board.close();
    await simulated.stop();
  });

  /** Arms and fires once; an arm that did not come through is a fire that did not leave. */
  async function shoot(shotId: number): Promise<FireResult> {
    try {
      await board.arm(shotId, 1);
    } catch (error) {
      return { kind: "not-fired", reason: String(error) };
    }
    return board.fire(shotId);
  }

  it("reports the very cycles in which the pins switched", async () => {
    await board.configure({ ...settings, delayUs: { near: 300, far: 100 } });
    const result = await shoot(1);
    if (result.kind !== "fired") throw new Error(result.reason);
    const edges = await simulated.takeEdges();
    expect(rises(edges, "nearTrigger").map((edge) => edge.tick)).toEqual([result.report.edgeTick.near]);
    expect(rises(edges, "farTrigger").map((edge) => edge.tick)).toEqual([result.report.edgeTick.far]);
  });

  it("reports the exposures that came back", async () => {
    await board.configure({ ...settings, feedback: { near: true, far: true } });
    await simulated.inject({ near: 1600, far: 3200 }, 8000);
    const result = await shoot(2);
    if (result.kind !== "fired") throw new Error(result.reason);
    const { edgeTick, feedback, pulseCount } = result.report;
    expect(pulseCount).toEqual({ near: 1, far: 1 });
    const lagUs = (arm: Arm): number => Number((feedback[arm]?.riseTick ?? 0n) - edgeTick[arm]) / 16;
    expect(Math.abs(lagUs("near") - 100)).toBeLessThan(2);
    expect(Math.abs(lagUs("far") - 200)).toBeLessThan(2);
  });

  it("never fires twice and never lies about a fire on a noisy line", async () => {
    const noise = { toBoardBitFlip: 0.004, toHostBitFlip: 0.004, toBoardDrop: 0.001, toHostDrop: 0.001 };
    await simulated.setFaults({ link: noise });
    const counts = { fired: 0, "not-fired": 0, unknown: 0 };
    for (let shotId = 1; shotId <= 200; shotId++) {
      const result = await shoot(shotId);
      counts[result.kind]++;
      const edges = await simulated.takeEdges();
      const times = [rises(edges, "nearTrigger").length, rises(edges, "farTrigger").length];
      if (result.kind === "fired") {
        const { near, far } = result.report.edgeTick;
        expect(times).toEqual([near === 0n ? 0 : 1, far === 0n ? 0 : 1]);
      } else if (result.kind === "not-fired") expect(times).toEqual([0, 0]);
      else expect(Math.max(...times)).toBeLessThanOrEqual(1);
    }
    const { badFrames, repetitions, eventsLost } = board.linkStatistics;
    console.info("200 fires on a noisy line:", { ...counts, badFrames, repetitions, eventsLost });
    expect(badFrames).toBeGreaterThan(0);
    expect(repetitions).toBeGreaterThan(0);
    expect(counts.fired).toBeGreaterThan(100);
  });

  it("calls a fire into a dead board unknown, and reconnects to the next boot", async () => {
    const { bootId } = board.identity;
    const { lost } = board;
    await board.arm(3, 1);
    await simulated.setFaults({ killedFirmware: true });
    await expect(board.fire(3)).resolves.toMatchObject({ kind: "unknown" });
    await expect(lost).resolves.toMatchObject({ code: "BOARD_NO_REPLY" });
    await simulated.setFaults({ killedFirmware: false });
    await board.reconnect();
    expect(board.identity.bootId).not.toBe(bootId);
    await simulated.takeEdges();
    await expect(shoot(4)).resolves.toMatchObject({ kind: "fired", report: { triggerNumber: 1 } });
    expect(rises(await simulated.takeEdges(), "nearTrigger")).toHaveLength(1);
  });

  it("pushes the settings again after a reboot that it did not cause", async () => {
    await board.configure({ ...settings, delayUs: { near: 123, far: 0 } });
    const { lost } = board;
    await simulated.setFaults({ killedFirmware: true });
    await simulated.setFaults({ killedFirmware: false });
    await expect(lost).resolves.toMatchObject({ code: "BOARD_REBOOTED" });
    await board.reconnect();
    const result = await shoot(5);
    if (result.kind !== "fired") throw new Error(result.reason);
    expect(result.report.edgeTick.near - result.report.edgeTick.far).toBe(123n * 16n);
  });

  it("finds its board again on another port by its id", async () => {
    await board.assignBoardId("00c0ffee00c0ffee");
    await board.close();
    const byId = await openTriggerBoard({ boardId: "00c0ffee00c0ffee", candidates: [simulated.path], clock });
    expect(byId.identity.path).toBe(simulated.path);
    await byId.close();
  });

  it("notices an unplugged board and says so until it is back", async () => {
    const { lost } = board;
    await simulated.kill();
    await expect(lost).resolves.toMatchObject({ code: "LINK_LOST" });
    await expect(board.arm(6, 1)).rejects.toMatchObject({ code: "LINK_LOST" });
    await expect(board.fire(6)).resolves.toMatchObject({ kind: "not-fired" });
  });

  it("asks for a flash when the firmware is too old", async () => {
    await board.close();
    await expect(
      openTriggerBoard({ path: simulated.path, clock, minFirmware: "99.0.0" }),
    ).rejects.toMatchObject({
      code: "BOARD_OLD_FIRMWARE",
      advice: expect.stringContaining("nearfar firmware flash"),
    });
  });
});
