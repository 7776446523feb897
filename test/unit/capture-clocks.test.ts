import { describe, expect, test } from "vitest";
import { CameraClock, edgeNoise, feedbackNoise } from "../../src/capture/camera-clock.js";
import { voteOffset } from "../../src/capture/clock-vote.js";
import { seededNormal } from "../support/noise.js";
import { SeededRandom } from "../support/seeded-random.js";

const zeroNs = 123_456_789_012_345n;

/** Device time of a camera whose clock runs `ppm` fast, stamped with an error of `errorUs`. */
function stamp(tick: bigint, ppm: number, errorUs = 0): bigint {
  const ns = Number(tick) * 62.5 * (1 + ppm * 1e-6) + errorUs * 1000;
  return zeroNs + BigInt(Math.round(ns));
}

const second = 16_000_000n;

describe("camera clock", () => {
  test.each([-100, -3, 0, 40, 100])("learns a drift of %i ppm and predicts minutes ahead", (ppm) => {
    const normal = seededNormal(5);
    const clock = new CameraClock({ tick: 0n, deviceTimeNs: stamp(0n, ppm, normal() * 5) }, feedbackNoise);
    for (let shot = 1n; shot <= 60n; shot++) {
      const tick = shot * second;
      clock.update({ tick, deviceTimeNs: stamp(tick, ppm, normal() * 5) });
    }
    expect(Math.abs(clock.ratePpm - ppm)).toBeLessThan(0.5);
    const later = 660n * second;
    const errorUs = Math.abs(Number(clock.deviceTimeNs(later) - stamp(later, ppm))) / 1000;
    expect(errorUs).toBeLessThan(clock.toleranceUs(later));
    expect(clock.toleranceUs(later)).toBeLessThan(3000);
  });

  test("claims an uncertainty that its error keeps to", () => {
    let outside = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const normal = seededNormal(seed);
      const ppm = normal() * 50;
      const clock = new CameraClock({ tick: 0n, deviceTimeNs: stamp(0n, ppm) }, feedbackNoise);
      for (let shot = 1n; shot <= 3n; shot++) {
        const tick = (shot * second) / 5n;
        clock.update({ tick, deviceTimeNs: stamp(tick, ppm, normal() * 20) });
      }
      const later = 30n * second;
      const errorUs = Math.abs(Number(clock.deviceTimeNs(later) - stamp(later, ppm))) / 1000;
      if (errorUs > clock.toleranceUs(later) / 3) outside++;
    }
    // The tolerance is six sigma: a third of it is two.
    expect(outside).toBeLessThan(20);
  });

  test("grows unsure with silence and never below its floor", () => {
    const clock = new CameraClock({ tick: 0n, deviceTimeNs: zeroNs }, edgeNoise);
    expect(clock.toleranceUs(0n)).toBe(edgeNoise.floorUs);
    expect(clock.toleranceUs(600n * second)).toBeGreaterThan(100_000);
  });

  test("one stamp far off does not bend it, and an older sample is left aside", () => {
    const clock = new CameraClock({ tick: 0n, deviceTimeNs: stamp(0n, 10) }, feedbackNoise);
    for (let shot = 1n; shot <= 30n; shot++) {
      clock.update({ tick: shot * second, deviceTimeNs: stamp(shot * second, 10) });
    }
    clock.update({ tick: 31n * second, deviceTimeNs: stamp(31n * second, 10, 5000) });
    clock.update({ tick: 2n * second, deviceTimeNs: zeroNs });
    const tick = 60n * second;
    expect(Math.abs(Number(clock.deviceTimeNs(tick) - stamp(tick, 10)))).toBeLessThan(100_000);
  });
});

describe("clock vote", () => {
  test("finds the offset under missing, late and extra frames, from three answered triggers up", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new SeededRandom(seed);
      const ticks: bigint[] = [];
      const stamps: bigint[] = [];
      let tick = 1_000_000n;
      let answered = 0;
      while (answered < 3) {
        tick += BigInt(random.whole(1_000_000, 3_000_000));
        ticks.push(tick);
        if (!random.chance(0.3)) {
          stamps.push(stamp(tick, 80, random.between(-10, 10)));
          answered++;
        }
        if (random.chance(0.2)) stamps.push(stamp(tick, 80, random.between(5000, 60_000)));
      }
      const vote = voteOffset(ticks, stamps, 1000);
      expect(vote?.samples.length).toBeGreaterThanOrEqual(3);
      for (const sample of vote?.samples ?? []) {
        expect(Math.abs(Number(sample.deviceTimeNs - stamp(sample.tick, 80)))).toBeLessThan(20_000);
      }
    }
  });

  test("a periodic camera that ignores the trigger gets no majority", () => {
    const ticks = [0, 137, 251, 402, 530].map((ms) => BigInt(ms) * 16_000n);
    const stamps = Array.from({ length: 20 }, (_, frame) => stamp(BigInt(frame * 33) * 16_000n, 0));
    const vote = voteOffset(ticks, stamps, 500);
    expect((vote?.samples.length ?? 0) - (vote?.rivalVotes ?? 0)).toBeLessThan(2);
  });

  test("nothing to vote on", () => {
    expect(voteOffset([], [1n], 10)).toBeNull();
    expect(voteOffset([1n], [], 10)).toBeNull();
  });
});
