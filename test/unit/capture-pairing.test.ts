import { describe, expect, test } from "vitest";
import type { FrameStamp } from "../../src/capture/frame-fate.js";
import { Pairing } from "../../src/capture/pairing.js";
import { arms } from "../../src/capture/rig.js";
import type { TriggerReport } from "../../src/devices/contract/trigger-board.js";
import type { FrameOutcome, TriggerOutcome } from "../../src/schema/records.js";
import { noFaults, PairingWorld, type WorldFrame, type WorldOptions } from "../support/pairing-world.js";
import { SeededRandom } from "../support/seeded-random.js";

const bothWired = { near: true, far: true };

function frame(frameId: number, deviceTimeUs: number, status: FrameStamp["status"] = "complete"): FrameStamp {
  return { frameId, deviceTimeNs: BigInt(Math.round(deviceTimeUs * 1000)), status };
}

function reportAt(shotId: number, startUs: number, pulses = true): TriggerReport {
  const riseTick = BigInt(startUs * 16);
  const pulse = pulses ? { riseTick, fallTick: riseTick + 1600n } : null;
  const edge = riseTick - 640n;
  const count = pulses ? 1 : 0;
  return {
    shotId,
    triggerNumber: shotId,
    edgeTick: { near: edge, far: edge },
    feedback: { near: pulse, far: pulse },
    pulseCount: { near: count, far: count },
    strobeTick: null,
  };
}

/** Both cameras' clocks run with the board's from the same zero. */
function synced(): Pairing<FrameStamp> {
  const pairing = new Pairing<FrameStamp>({ feedback: bothWired });
  const samples = [100_000, 250_000, 480_000].map((us) => ({
    tick: BigInt(us * 16),
    deviceTimeNs: BigInt(us * 1000),
  }));
  for (const arm of arms) pairing.setClock(arm, samples);
  return pairing;
}

describe("one trigger", () => {
  test("two frames that fit make a pair, whichever came first and before or after the report", () => {
    const pairing = synced();
    pairing.open(1);
    expect(pairing.add("far", frame(1, 1_000_030))).toEqual([]);
    expect(pairing.awaited(1)).toEqual(["near", "far"]);
    pairing.fired(1, reportAt(1, 1_000_000));
    expect(pairing.awaited(1)).toEqual(["near"]);
    pairing.add("near", frame(1, 1_000_010));
    expect(pairing.awaited(1)).toEqual([]);
    const { trigger, strays } = pairing.close(1);
    expect(trigger.outcome).toBe("paired");
    expect(trigger.frames.near?.outcome).toBe("paired");
    expect(trigger.frames.far?.outcome).toBe("paired");
    expect(strays).toEqual([]);
  });

  test.each<[string, boolean, boolean, TriggerOutcome]>([
    ["near alone", true, false, "far-missing"],
    ["far alone", false, true, "near-missing"],
    ["none", false, false, "both-missing"],
  ])("%s", (_, near, far, outcome) => {
    const pairing = synced();
    pairing.open(1);
    pairing.fired(1, reportAt(1, 1_000_000));
    if (near) pairing.add("near", frame(1, 1_000_000));
    if (far) pairing.add("far", frame(1, 1_000_000));
    const { trigger } = pairing.close(1);
    expect(trigger.outcome).toBe(outcome);
    expect(trigger.frames.near?.outcome).toBe(near ? "one-sided" : undefined);
    expect(trigger.frames.far?.outcome).toBe(far ? "one-sided" : undefined);
  });

  test("an incomplete frame is awaited no longer, never paired, and its arm counts as missing", () => {
    const pairing = synced();
    pairing.open(1);
    pairing.fired(1, reportAt(1, 1_000_000));
    pairing.add("near", frame(1, 1_000_000, "missing-packets"));
    pairing.add("far", frame(1, 1_000_000));
    expect(pairing.awaited(1)).toEqual([]);
    const { trigger } = pairing.close(1);
    expect(trigger.outcome).toBe("near-missing");
    expect(trigger.frames.near?.outcome).toBe("incomplete");
    expect(trigger.frames.far?.outcome).toBe("one-sided");
  });

  test("a trigger that did not fire awaits nothing, and a frame at its time is extra", () => {
    const pairing = synced();
    pairing.open(1);
    expect(pairing.add("near", frame(1, 1_000_000))).toEqual([]);
    const [stray] = pairing.notFired(1);
    expect(stray).toMatchObject({ outcome: "extra", shotId: null });
    expect(pairing.awaited(1)).toEqual([]);
    expect(pairing.close(1).trigger.outcome).toBe("not-fired");
  });

  test("frames within the window of an unknown fire are kept with it, one-sided", () => {
    const pairing = synced();
    pairing.open(1);
    pairing.unknown(1, { from: 16_000_000n, to: 24_000_000n });
    pairing.add("near", frame(1, 1_200_000));
    pairing.add("far", frame(1, 1_200_050));
    const [tooLate] = pairing.add("far", frame(2, 1_600_000));
    expect(tooLate).toMatchObject({ outcome: "extra" });
    const { trigger } = pairing.close(1);
    expect(trigger.outcome).toBe("unknown");
    expect(trigger.frames.near?.outcome).toBe("one-sided");
    expect(trigger.frames.far?.outcome).toBe("one-sided");
  });
});

describe("strays", () => {
  test("a frame of a closed trigger is late and names it; a second one is extra", () => {
    const pairing = synced();
    pairing.open(1);
    pairing.fired(1, reportAt(1, 1_000_000));
    pairing.close(1);
    expect(pairing.add("near", frame(1, 1_000_000))).toMatchObject([{ outcome: "late", shotId: 1 }]);
    expect(pairing.add("near", frame(2, 1_000_001))).toMatchObject([{ outcome: "extra", shotId: null }]);
  });

  test("a late frame of the trigger before is not taken for this one's, though it comes first", () => {
    const pairing = synced();
    pairing.open(1);
    pairing.fired(1, reportAt(1, 1_000_000));
    pairing.close(1);
    pairing.open(2);
    pairing.fired(2, reportAt(2, 1_200_000));
    expect(pairing.add("near", frame(1, 1_000_000))).toMatchObject([{ outcome: "late", shotId: 1 }]);
    expect(pairing.awaited(2)).toEqual(["near", "far"]);
  });

  test("an incomplete frame that fits nothing is incomplete: its stamp is not to be trusted", () => {
    const pairing = synced();
    expect(pairing.add("far", frame(1, 0, "aborted"))).toMatchObject([{ outcome: "incomplete" }]);
  });

  test("when two triggers could fit after a long silence, the frame is given to neither", () => {
    const pairing = new Pairing<FrameStamp>({ feedback: bothWired });
    // One sample only: after ten minutes the clock is known to some 0.4 s.
    for (const arm of arms) pairing.setClock(arm, [{ tick: 0n, deviceTimeNs: 0n }]);
    const startsUs = [600_000_000, 600_100_000];
    for (const [index, startUs] of startsUs.entries()) {
      pairing.open(index + 1);
      pairing.fired(index + 1, reportAt(index + 1, startUs));
    }
    expect(pairing.add("near", frame(1, 600_055_000))).toMatchObject([{ outcome: "extra" }]);
  });

  test("a restarted arm forgets its clock: held frames are extra, old triggers get no late frame", () => {
    const pairing = synced();
    pairing.open(1);
    pairing.fired(1, reportAt(1, 1_000_000));
    pairing.close(1);
    expect(pairing.restart("near")).toEqual([]);
    expect(pairing.add("near", frame(1, 1_000_000))).toEqual([]);
    expect(pairing.held("near")).toHaveLength(1);
    const fates = pairing.setClock("near", [{ tick: 16_000_000n, deviceTimeNs: 1_000_000_000n }]);
    expect(fates).toMatchObject([{ outcome: "extra" }]);
    expect(pairing.add("far", frame(1, 1_000_000))).toMatchObject([{ outcome: "late" }]);
  });

  test("what is held when no more frames can come is extra", () => {
    const pairing = synced();
    pairing.open(1);
    pairing.add("near", frame(1, 3_000_000));
    expect(pairing.finish()).toMatchObject([{ outcome: "extra", arm: "near" }]);
  });
});

describe("wrong calls", () => {
  test("twice opened, closed before its end is known, closed twice", () => {
    const pairing = synced();
    pairing.open(1);
    expect(() => pairing.open(1)).toThrow(/already known/);
    expect(() => pairing.close(1)).toThrow(/before its fire ended/);
    pairing.notFired(1);
    pairing.close(1);
    expect(() => pairing.close(1)).toThrow(/not open/);
    expect(() => pairing.fired(9, reportAt(9, 1))).toThrow(/not open/);
  });
});

test("holes in the frame ids are lost frames; a restart begins a new count", () => {
  const pairing = synced();
  for (const id of [65_401, 65_402, 65_405, 65_404]) pairing.add("near", frame(id, 0));
  expect(pairing.framesLost).toEqual({ near: 1, far: 0 });
  pairing.restart("near");
  for (const id of [1, 4]) pairing.add("near", frame(id, 0));
  expect(pairing.framesLost).toEqual({ near: 3, far: 0 });
});

describe("random faults: every trigger and every frame has exactly one outcome, and it is the true one", () => {
  const faults = {
    missing: 0.05,
    late: 0.05,
    incomplete: 0.04,
    extra: 0.05,
    noPulse: 0.03,
    notFired: 0.03,
    unknown: 0.03,
  };
  const spacing = (random: SeededRandom) => () =>
    random.chance(0.02) ? random.between(60_000, 240_000) : random.between(120, 2500);

  test.each(Array.from({ length: 12 }, (_, seed) => seed + 1))("seed %i", (seed) => {
    const random = new SeededRandom(seed);
    const ratePpm = { near: random.between(-100, 100), far: random.between(-100, 100) };
    const feedback = { near: true, far: !random.chance(0.25) };
    play({ random, feedback, ratePpm, faults, gapMs: spacing(random) }, 250);
  });

  test("one camera silent for ten minutes is matched again at once", () => {
    const random = new SeededRandom(99);
    const silent = { arm: "near", fromShot: 60, toShot: 660 } as const;
    const ratePpm = { near: 100, far: -100 };
    const world = play(
      { random, feedback: bothWired, ratePpm, faults: noFaults, silent, gapMs: () => 985 },
      720,
    );
    expect(world.outcomes.get(60)).toEqual(["near-missing"]);
    expect(world.outcomes.get(661)).toEqual(["paired"]);
    expect(Math.abs((world.pairing.clock("near")?.ratePpm ?? 0) - 100)).toBeLessThan(0.5);
  });
});

function play(options: WorldOptions, shots: number): PairingWorld {
  const world = new PairingWorld(options);
  for (let shot = 0; shot < shots; shot++) world.shoot();
  world.finish();
  expect(world.fates.size).toBe(world.frames.length);
  for (const frame of world.frames) {
    const wanted = trueFate(world, frame);
    expect({ frame, fates: world.fates.get(frame) }).toEqual({ frame, fates: [wanted] });
  }
  expect(world.outcomes.size).toBe(shots);
  for (const [shotId, outcomes] of world.outcomes) {
    expect({ shotId, outcomes }).toEqual({ shotId, outcomes: [trueOutcome(world, shotId)] });
  }
  return world;
}

function inTime(world: PairingWorld, frame: WorldFrame): boolean {
  return frame.shotId !== null && frame.arrivesNs <= (world.closedAtNs.get(frame.shotId) ?? 0);
}

function trueOutcome(world: PairingWorld, shotId: number): TriggerOutcome {
  const end = world.ends.get(shotId);
  if (end !== "fired") return end ?? "unknown";
  const good = world.frames.filter(
    (frame) => frame.shotId === shotId && frame.status === "complete" && inTime(world, frame),
  );
  const near = good.some(({ arm }) => arm === "near");
  const far = good.some(({ arm }) => arm === "far");
  if (near && far) return "paired";
  if (near) return "far-missing";
  return far ? "near-missing" : "both-missing";
}

function trueFate(world: PairingWorld, frame: WorldFrame): { outcome: FrameOutcome; shotId: number | null } {
  const { shotId } = frame;
  if (shotId === null) return { outcome: "extra", shotId };
  if (!inTime(world, frame)) return { outcome: "late", shotId };
  if (frame.status !== "complete") return { outcome: "incomplete", shotId };
  return { outcome: trueOutcome(world, shotId) === "paired" ? "paired" : "one-sided", shotId };
}
