import { describe, expect, it } from "vitest";
import { headViewOf } from "../../src/alignment/face/aligned-faces.js";
import { fitHeadPose, meanPoint } from "../../src/alignment/face/head-pose.js";
import { meanMesh } from "../../src/alignment/face/mean-head.js";
import { blankImage, pairAt, posedFace } from "../support/posed-face.js";

const turns = [
  { yawDeg: 0, pitchDeg: 0, rollDeg: 0 },
  { yawDeg: 20, pitchDeg: 0, rollDeg: 0 },
  { yawDeg: 0, pitchDeg: -12, rollDeg: 0 },
  { yawDeg: -15, pitchDeg: 8, rollDeg: 10 },
];

describe("turn of a head by its mesh", () => {
  it.each(turns)("is what the head was turned by, from near and from afar: %o", (turn) => {
    for (const distanceMm of [250, 900]) {
      for (const arm of ["near", "far"] as const) {
        const { record, pose } = posedFace(pairAt(distanceMm), arm, {
          ...turn,
          scale: 1.1,
          offsetMm: [8, -20],
        });
        expect(record.yawDeg).toBeCloseTo(turn.yawDeg, 2);
        expect(record.pitchDeg).toBeCloseTo(turn.pitchDeg, 2);
        expect(record.rollDeg).toBeCloseTo(turn.rollDeg, 2);
        expect(pose.scale).toBeCloseTo(1.1, 4);
        expect(pose.rmsPx).toBeLessThan(0.01);
      }
    }
  });

  it("is positive to the left, down and clockwise", () => {
    const pair = pairAt(900);
    const straight = posedFace(pair, "far", {});
    const noseOf = (turn: object): readonly [number, number] => {
      const { face } = posedFace(pair, "far", turn);
      return [face.points468[12] as number, face.points468[13] as number];
    };
    const [x, y] = noseOf({});
    expect(noseOf({ yawDeg: 10 })[0]).toBeLessThan(x - 5);
    expect(noseOf({ pitchDeg: 10 })[1]).toBeGreaterThan(y + 5);
    const rolled = posedFace(pair, "far", { rollDeg: 10 }).record.irisCentres;
    expect(rolled[1][1]).toBeGreaterThan(rolled[0][1] + 5);
    expect(Math.abs(straight.record.yawDeg)).toBeLessThan(0.01);
  });

  it("shrugs off points that are far off, as a hand before the mouth makes them", () => {
    const view = headViewOf(pairAt(450), "near", blankImage(1024));
    const points = Float32Array.from(
      posedFace(pairAt(450), "near", { yawDeg: 12 }).face.points468,
      // A tenth of the points, 15 mm off.
      (value, i) => (Math.floor(i / 3) % 10 === 0 ? value + 50 : value),
    );
    expect(fitHeadPose(points, view)?.yawDeg).toBeCloseTo(12, 0);
  });

  it("is null for a mesh without extent", () => {
    const view = headViewOf(null, "near", blankImage(512));
    expect(fitHeadPose(new Float32Array(meanMesh.length), view)).toBeNull();
  });

  it("compares with a mean head that is alike on both sides", () => {
    const mirrored = (i: number) => {
      const [x, y, h] = meanPoint(i);
      return Math.min(
        ...Array.from({ length: meanMesh.length / 3 }, (_, k) => {
          const [u, v, w] = meanPoint(k);
          return Math.hypot(u + x, v - y, w - h);
        }),
      );
    };
    for (let i = 0; i < meanMesh.length / 3; i += 7) expect(mirrored(i)).toBeLessThan(0.15);
  });
});
