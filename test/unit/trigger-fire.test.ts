/** How a fire ends when replies, events, the link or the board get lost on the way. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SerialTriggerBoard } from "../../src/devices/trigger/board.js";
import { encodeFrame } from "../../src/devices/trigger/framing.js";
import { enums, frameKinds, type RegisterReplies } from "../../src/devices/trigger/generated/protocol.js";
import { openTriggerBoard } from "../../src/devices/trigger/open-board.js";
import { asksFor, PeerBoard } from "../support/peer-board.js";
import { systemClock } from "../support/system-clock.js";

const shotId = 77;
const ours = { shotId, triggerNumber: 6 };
const fired = { ...ours, nearTick: 500n, farTick: 510n };
const near = { ...ours, arm: "near", pulses: 1, riseTick: 600n, fallTick: 700n } as const;
const far = { ...ours, arm: "far", pulses: 1, riseTick: 610n, fallTick: 0n } as const;
const done = { ...ours, status: 0, pulsesNear: 1, pulsesFar: 1, strobeTick: 0n };
const memory = { lastFired: fired, lastExposureNear: near, lastExposureFar: far, lastDone: done };
const wholeReport = {
  ...ours,
  edgeTick: { near: 500n, far: 510n },
  feedback: { near: { riseTick: 600n, fallTick: 700n }, far: { riseTick: 610n, fallTick: null } },
  pulseCount: { near: 1, far: 1 },
  strobeTick: null,
};
const settings = {
  delayUs: { near: 0, far: 0 },
  pulseUs: 1000,
  focusLeadMs: 0,
  feedbackTimeoutMs: 1,
  feedback: { near: true, far: true },
  strobe: false,
  strobeUs: 500,
};
/** A board that has fired five triggers before, the last one of this very shot. */
const values: Partial<RegisterReplies> = {
  counters: { triggers: 5, rxCrcErrors: 0, rxOverruns: 0, eventsDropped: 0 },
  lastDone: { ...done, triggerNumber: 5 },
  fire: ours,
  delay: { nearTicks: 0, farTicks: 0 },
  pulse: { ticks: 16_000 },
  focusLead: { ms: 0 },
  feedbackTimeout: { ms: 1 },
  feedback: { mask: 3 },
  strobe: { enabled: 0, ticks: 8000 },
};

let peer: PeerBoard;
let spare: PeerBoard;
let board: SerialTriggerBoard;

beforeEach(async () => {
  peer = new PeerBoard(values);
  spare = new PeerBoard(values);
  const [path, sparePath] = await Promise.all([peer.plugIn(), spare.plugIn()]);
  board = await openTriggerBoard({ path, candidates: [sparePath], clock: systemClock, settleMs: 1000 });
  await board.configure(settings);
});

afterEach(async () => {
  await board.close();
  await Promise.all([peer.unplug(), spare.unplug()]);
});

/** Runs `onFire` for each copy of the fire request; false keeps the reply back. */
function whenFired(onFire: (copy: number) => boolean): void {
  let copies = 0;
  peer.answer = (request, reply) => {
    if (!asksFor(request, "fire")) return [reply];
    return onFire(++copies) ? [reply] : [];
  };
}

function sendEvents(): void {
  peer.sendEvent("fired", fired);
  peer.sendEvent("exposure", near);
  peer.sendEvent("exposure", far);
  peer.sendEvent("done", done);
}

function refuse(seq: number): void {
  const payload = Uint8Array.of(2, 0, 0, 0, 0, 0, enums.errorCode.wrongState);
  peer.send(encodeFrame({ kind: frameKinds.error, seq, address: 0x27, payload }));
}

describe("proof that it fired", () => {
  it("puts the report together from the events", async () => {
    whenFired(() => {
      sendEvents();
      return true;
    });
    await expect(board.fire(shotId)).resolves.toEqual({ kind: "fired", report: wholeReport });
  });

  it("needs no reply when the events come", async () => {
    whenFired((copy) => {
      if (copy === 1) sendEvents();
      return copy === 3;
    });
    await expect(board.fire(shotId)).resolves.toEqual({ kind: "fired", report: wholeReport });
  });

  it.each(["fired", "near", "far", "done"])(
    "reads `%s` from the board when its event was lost",
    async (lost) => {
      Object.assign(peer.values, memory);
      whenFired(() => {
        peer.sendEvent("fired", lost === "fired" ? { ...fired, shotId: 1 } : fired);
        peer.sendEvent("exposure", lost === "near" ? { ...near, shotId: 1 } : near);
        peer.sendEvent("exposure", lost === "far" ? { ...far, shotId: 1 } : far);
        if (lost !== "done") peer.sendEvent("done", done);
        return true;
      });
      await expect(board.fire(shotId)).resolves.toEqual({ kind: "fired", report: wholeReport });
    },
  );

  it("does not wait for its time-out when a gap in the event numbers tells of a loss", async () => {
    await board.configure({ ...settings, feedbackTimeoutMs: 12_000 });
    Object.assign(peer.values, memory);
    whenFired(() => {
      peer.sendEvent("fired", fired);
      peer.sendEvent("safe", { cause: "budgetSpent", shotId }, 3);
      return true;
    });
    const startMs = performance.now();
    await expect(board.fire(shotId)).resolves.toEqual({ kind: "fired", report: wholeReport });
    expect(performance.now() - startMs).toBeLessThan(1000);
  });

  it("turns a lost link into fired when the same boot remembers the trigger", async () => {
    Object.assign(spare.values, memory);
    whenFired(() => {
      void peer.unplug();
      return false;
    });
    await expect(board.fire(shotId)).resolves.toEqual({ kind: "fired", report: wholeReport });
  });
});

describe("proof that it did not fire", () => {
  it("believes the first refusal", async () => {
    whenFired(() => {
      refuse(peer.requests.at(-1)?.seq ?? 0);
      return false;
    });
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "not-fired" });
  });

  it("asks back after the refusal of a repetition", async () => {
    whenFired((copy) => {
      if (copy === 2) refuse(peer.requests.at(-1)?.seq ?? 0);
      return false;
    });
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "not-fired" });
    expect(peer.requests.some((request) => asksFor(request, "lastDone"))).toBe(true);
  });

  it("turns a lost link into not-fired when the same boot remembers no trigger", async () => {
    whenFired(() => {
      void peer.unplug();
      return false;
    });
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "not-fired" });
  });

  it("counts a trigger whose lines were switched off before they rose as none", async () => {
    whenFired(() => {
      peer.sendEvent("fired", { ...fired, nearTick: 0n, farTick: 0n });
      peer.sendEvent("done", { ...done, pulsesNear: 0, pulsesFar: 0 });
      return true;
    });
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "not-fired" });
  });

  it("knows that nothing left a link that was lost before", async () => {
    const { lost } = board;
    await Promise.all([peer.unplug(), spare.unplug()]);
    await lost;
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "not-fired" });
  });
});

describe("no proof", () => {
  it("is unknown when the board does not come back", async () => {
    await spare.unplug();
    whenFired(() => {
      void peer.unplug();
      return false;
    });
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "unknown" });
  });

  it("is unknown when the board was reset meanwhile", async () => {
    spare.values.bootId = { id: 0x12 };
    spare.values.lastDone = { ...done, shotId: 0, triggerNumber: 0 };
    whenFired(() => {
      void peer.unplug();
      return false;
    });
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "unknown" });
  });

  it("is unknown when a refused repetition came from another boot", async () => {
    whenFired((copy) => {
      if (copy === 2) {
        peer.values.bootId = { id: 0x12 };
        refuse(peer.requests.at(-1)?.seq ?? 0);
      }
      return false;
    });
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "unknown" });
  });

  it.each([
    ["before the reply", false],
    ["while it waits for events", true],
  ])("is unknown, at once, when it is closed %s", async (_case, replied) => {
    await board.configure({ ...settings, feedbackTimeoutMs: 12_000 });
    whenFired(() => {
      setTimeout(() => void board.close(), 20);
      return replied;
    });
    const startMs = performance.now();
    await expect(board.fire(shotId)).resolves.toMatchObject({ kind: "unknown" });
    expect(performance.now() - startMs).toBeLessThan(1500);
  });
});

describe("bad calls", () => {
  it("refuses a second fire while one is under way", async () => {
    whenFired(() => {
      setTimeout(sendEvents, 50);
      return true;
    });
    const first = board.fire(shotId);
    await expect(board.fire(shotId)).rejects.toMatchObject({ code: "USAGE" });
    await expect(first).resolves.toMatchObject({ kind: "fired" });
  });

  it.each([-1, 1.5, 2 ** 32, Number.NaN])("refuses the shot id %d", async (id) => {
    await expect(board.fire(id)).rejects.toMatchObject({ code: "USAGE" });
    await expect(board.arm(id, 1)).rejects.toMatchObject({ code: "USAGE" });
  });

  it.each([
    ["delayUs.near", { delayUs: { near: 500_001, far: 0 } }, "500000 µs"],
    ["delayUs.far", { delayUs: { near: 0, far: Number.NaN } }, "500000 µs"],
    ["pulseUs", { pulseUs: 99 }, "100 to 100000 µs"],
    ["focusLeadMs", { focusLeadMs: 0.5 }, "0 to 5000 whole ms"],
    ["feedbackTimeoutMs", { feedbackTimeoutMs: 0 }, "1 to 12000 whole ms"],
    ["strobeUs", { strobeUs: 10_001 }, "1 to 10000 µs"],
    ["strobe", { strobe: true, feedback: { near: true, far: false } }, "feedback"],
  ])("refuses a bad %s with its unit and sends nothing", async (name, change, text) => {
    const before = peer.requests.filter((request) => !asksFor(request, "tick")).length;
    await expect(board.configure({ ...settings, ...change })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(new RegExp(`${name}.*${text}`)),
    });
    expect(peer.requests.filter((request) => !asksFor(request, "tick"))).toHaveLength(before);
  });
});
