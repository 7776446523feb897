import { describe, expect, it } from "vitest";
import { fitRig } from "../../src/alignment/rig-fit/fit-rig.js";
import { rigErrorNames } from "../../src/alignment/rig-fit/tangential.js";
import { noRigErrors, type RigErrors } from "../../src/geometry/rig-residual.js";
import { motionErrors, predictedTangentialPx } from "../support/predicted-tangential.js";
import { flatHead, geometryAt, headFlow, headPoints } from "../support/rig-fit-world.js";

const errors: RigErrors = {
  offsetXMm: 0.8,
  offsetYMm: -0.3,
  rollRad: 1.5e-3,
  shiftXPx: 0.7,
  shiftYPx: -0.4,
};

/** So sure that the weak priors of the fit do not show. */
const exact = { sigmaPx: 1e-4 };

describe("fitRig", () => {
  it.each([230, 450, 1370])("recovers the errors of exact correspondences at %d mm", (distanceMm) => {
    const geometry = geometryAt(distanceMm);
    const fit = fitRig(headFlow(geometry, errors, headPoints(), exact), geometry, noRigErrors);
    for (const name of rigErrorNames) expect(fit?.errors[name]).toBeCloseTo(errors[name], 6);
    expect(fit?.record.applied).toBe(true);
    expect(fit?.record.outliers).toBe(0);
    expect(fit?.record.tangentialRmsPx.before).toBeGreaterThan(0.1);
    expect(fit?.record.tangentialRmsPx.after).toBeLessThan(1e-6);
  });

  it("carries the errors that the flow was started with", () => {
    const geometry = geometryAt(450);
    const before = { ...noRigErrors, offsetXMm: 0.5, shiftXPx: 0.6 };
    const fit = fitRig(headFlow(geometry, errors, headPoints(), exact), geometry, before);
    for (const name of rigErrorNames) expect(fit?.errors[name]).toBeCloseTo(errors[name], 6);
  });

  it("recovers them although a radial match under the wrong errors is wrong in depth", () => {
    const geometry = geometryAt(300);
    const flow = headFlow(geometry, errors, headPoints(), { depthMatchedUnder: noRigErrors });
    const fit = fitRig(flow, geometry, noRigErrors);
    expect(fit?.errors.offsetXMm).toBeCloseTo(0.8, 2);
    expect(fit?.errors.offsetYMm).toBeCloseTo(-0.3, 2);
    expect(fit?.errors.rollRad).toBeCloseTo(1.5e-3, 5);
  });

  it("claims the scatter that independent noise makes", () => {
    const { scatter, claimed } = monteCarlo({ windowPx: 12, smearPx: 12, stepPx: 24 });
    for (const name of rigErrorNames) expect(scatter[name] / claimed[name], name).toBeGreaterThan(0.85);
    for (const name of rigErrorNames) expect(scatter[name] / claimed[name], name).toBeLessThan(1.15);
  });

  it("claims the scatter that windows make which overlap", () => {
    const { scatter, claimed } = monteCarlo({ windowPx: 72, smearPx: 72, stepPx: 24 });
    for (const name of rigErrorNames) expect(scatter[name] / claimed[name], name).toBeGreaterThan(0.8);
    for (const name of rigErrorNames) expect(scatter[name] / claimed[name], name).toBeLessThan(1.2);
  });

  it("leaves outliers out and counts them", () => {
    const geometry = geometryAt(450);
    const flow = headFlow(geometry, errors, headPoints(), { noiseSeed: 5 });
    for (let i = 0; i < 40; i++) flow.farPx[2 * i * 9] = (flow.farPx[2 * i * 9] as number) + 3;
    const fit = fitRig(flow, geometry, noRigErrors, { windowPx: 12 });
    expect(fit?.record.outliers).toBeGreaterThan(30);
    expect(fit?.record.chi2).toBeLessThan(1.2);
    expect(Math.abs((fit?.errors.offsetXMm ?? 9) - 0.8)).toBeLessThan(
      4 * (fit?.record.nearPupilOffsetMm.x.sigma ?? 0),
    );
  });

  it("says by its sigma that something flat in the eye plane shows no pupil offset", () => {
    const geometry = geometryAt(450);
    const fit = fitRig(headFlow(geometry, errors, flatHead()), geometry, noRigErrors);
    expect(fit?.record.nearPupilOffsetMm.x.sigma).toBeCloseTo(5, 1);
    expect(fit?.record.nearPupilOffsetMm.y.sigma).toBeCloseTo(5, 1);
    expect(fit?.record.rollMdeg.sigma).toBeLessThan(5);
  });

  it("finds nothing worth correcting in a rig that is as calibrated", () => {
    const geometry = geometryAt(450);
    const flow = headFlow(geometry, noRigErrors, headPoints(), { noiseSeed: 11 });
    expect(fitRig(flow, geometry, noRigErrors, { windowPx: 12 })?.record.applied).toBe(false);
  });

  it("keeps zones apart and leaves out what is not of the head", () => {
    const geometry = geometryAt(450);
    const flow = headFlow(geometry, errors, headPoints());
    const fit = fitRig(flow, geometry, noRigErrors, {
      zoneOf: ([x, y]) => (y > 700 ? null : x < 400 ? "hair" : "front"),
    });
    expect(fit?.record.zones.map(({ zone }) => zone)).toEqual(["front", "hair"]);
    const points = fit?.record.zones.reduce((sum, zone) => sum + zone.points, 0);
    expect(points).toBe(fit?.record.points);
    expect(points).toBeLessThan(flow.depthMm.length);
  });

  it("does not fit a handful of nodes", () => {
    const geometry = geometryAt(450);
    expect(fitRig(headFlow(geometry, errors, headPoints().slice(0, 19)), geometry, noRigErrors)).toBeNull();
  });
});

describe("predicted tangential displacement", () => {
  it("of a late near exposure is that of the moved head", () => {
    const geometry = geometryAt(300);
    const moved = motionErrors(geometry.pxPerMm, [200, 0], 1000);
    expect(moved.shiftXPx).toBeCloseTo(0.2 * geometry.pxPerMm, 9);
    // Straight above the epipole a move to the right is all across the radius; nearer points move by more.
    const above = [geometry.epipolePx[0], geometry.epipolePx[1] - 200] as const;
    const scale = (h: number) => (1 - h / geometry.nearDepthMm) / (1 - h / geometry.farDepthMm);
    const expected = (0.2 * geometry.pxPerMm * scale(40)) / (1 - 40 / geometry.nearDepthMm);
    expect(Math.abs(predictedTangentialPx(geometry, moved, above, 40))).toBeCloseTo(expected, 6);
  });

  it("is nothing along the radius", () => {
    const geometry = geometryAt(300);
    const beside = [geometry.epipolePx[0] + 200, geometry.epipolePx[1]] as const;
    expect(predictedTangentialPx(geometry, { ...noRigErrors, shiftXPx: 1 }, beside, 20)).toBeCloseTo(0, 9);
  });
});

/** Fits of one world under many noises: the scatter of each error, and the mean of its claimed variance. */
function monteCarlo(world: { windowPx: number; smearPx: number; stepPx: number }) {
  const geometry = geometryAt(450);
  const { windowPx, smearPx } = world;
  const points = headPoints(world.stepPx);
  const runs = Array.from({ length: 150 }, (_, seed) =>
    fitRig(headFlow(geometry, errors, points, { noiseSeed: seed + 1, smearPx }), geometry, errors, {
      windowPx,
    }),
  );
  const rootMean = (of: (run: NonNullable<(typeof runs)[number]>) => number): number =>
    Math.sqrt(runs.reduce((sum, run) => sum + (run === null ? Number.NaN : of(run)), 0) / runs.length);
  const scatter = {} as Record<keyof RigErrors, number>;
  const claimed = {} as Record<keyof RigErrors, number>;
  for (const name of rigErrorNames) {
    scatter[name] = rootMean((run) => (run.errors[name] - errors[name]) ** 2);
    claimed[name] = rootMean((run) => sigmaOf(run.record, name) ** 2);
  }
  return { scatter, claimed };
}

type Record_ = NonNullable<ReturnType<typeof fitRig>>["record"];

function sigmaOf({ nearPupilOffsetMm, rollMdeg, shiftPx }: Record_, name: keyof RigErrors): number {
  return {
    offsetXMm: nearPupilOffsetMm.x.sigma,
    offsetYMm: nearPupilOffsetMm.y.sigma,
    rollRad: (rollMdeg.sigma * Math.PI) / 180_000,
    shiftXPx: shiftPx.x.sigma,
    shiftYPx: shiftPx.y.sigma,
  }[name];
}
