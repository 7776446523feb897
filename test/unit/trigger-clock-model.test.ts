import { describe, expect, it } from "vitest";
import { hostNsOfTick } from "../../src/devices/contract/clock-fit.js";
import { ClockModel, type ClockSample, fitClock } from "../../src/devices/trigger/clock-model.js";
import { seededUniform } from "../support/noise.js";

/** A board with a known drift whose pings take `wire` + `latency` each way, plus noise. */
const truth = { nsPerTick: 62.5 * (1 + 83e-6), startTick: 2n ** 47n, startNs: 987_654_321_012_345n };
const requestWireNs = 608_000;
const replyWireNs = 1_650_000;

function trueHostNs(tick: bigint): bigint {
  return truth.startNs + BigInt(Math.round(Number(tick - truth.startTick) * truth.nsPerTick));
}

function ping(index: number, thereNs: number, backNs: number): ClockSample {
  const tick = truth.startTick + BigInt(index) * 8_000_000n;
  const arrivedNs = trueHostNs(tick);
  return {
    tick,
    sentNs: arrivedNs - BigInt(Math.round(requestWireNs + thereNs)),
    receivedNs: arrivedNs + BigInt(Math.round(replyWireNs + backNs)),
    requestWireNs,
    replyWireNs,
  };
}

describe("fitClock", () => {
  it("recovers drift and offset exactly from noiseless pings at 48-bit ticks", () => {
    const fit = fitClock(Array.from({ length: 10 }, (_, index) => ping(index, 50_000, 50_000)));
    expect(fit.nsPerTick / truth.nsPerTick - 1).toBeCloseTo(0, 9);
    const later = truth.startTick + 100_000_000n;
    expect(Math.abs(Number(hostNsOfTick(fit, later) - trueHostNs(later)))).toBeLessThan(10);
    expect(fit.residualUs).toBeLessThan(0.01);
  });

  it("recovers a known drift under noise, and its residual is the noise", () => {
    const random = seededUniform(1);
    // Each way waits 0–80 µs, evenly: the middle is off by 80/√24 = 16.3 µs (standard deviation).
    const samples = Array.from({ length: 100 }, (_, index) =>
      ping(index, 80_000 * random(), 80_000 * random()),
    );
    const fit = fitClock(samples);
    const middle = truth.startTick + 50n * 8_000_000n;
    expect(Math.abs(fit.nsPerTick / truth.nsPerTick - 1)).toBeLessThan(1e-6);
    expect(Math.abs(Number(hostNsOfTick(fit, middle) - trueHostNs(middle)))).toBeLessThan(8_000);
    expect(fit.residualUs).toBeGreaterThan(12);
    expect(fit.residualUs).toBeLessThan(21);
  });
});

describe("ClockModel", () => {
  it("has no fit before five samples", () => {
    const model = new ClockModel();
    for (let index = 0; index < 4; index++) model.add(ping(index, 0, 0));
    expect(model.fit).toBeNull();
    model.add(ping(4, 0, 0));
    expect(model.fit?.sampleCount).toBe(5);
  });

  it("drops pings that waited on one way", () => {
    const model = new ClockModel();
    const random = seededUniform(2);
    for (let index = 0; index < 60; index++) {
      const stuckNs = index > 5 && index % 7 === 0 ? 9_000_000 : 0;
      model.add(ping(index, 40_000 * random(), 40_000 * random() + stuckNs));
    }
    expect(model.dropped).toBe(8);
    expect(model.fit?.residualUs).toBeLessThan(12);
  });

  it("keeps the last hundred samples", () => {
    const model = new ClockModel();
    for (let index = 0; index < 150; index++) model.add(ping(index, 0, 0));
    expect(model.fit?.sampleCount).toBe(100);
  });

  it("follows a link that became slower for good", () => {
    const model = new ClockModel();
    for (let index = 0; index < 100; index++) model.add(ping(index, 20_000, 20_000));
    for (let index = 100; index < 400; index++) model.add(ping(index, 5_000_000, 5_000_000));
    const fit = model.fit;
    expect(fit?.originTick).toBe(truth.startTick + 399n * 8_000_000n);
  });

  it("forgets a board that booted", () => {
    const model = new ClockModel();
    for (let index = 0; index < 10; index++) model.add(ping(index, 0, 0));
    model.clear();
    expect(model.fit).toBeNull();
  });
});
