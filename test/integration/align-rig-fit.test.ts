import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FittedRig, fitRig } from "../../src/alignment/rig-fit/fit-rig.js";
import type { RigFitGeometry } from "../../src/alignment/rig-fit/tangential.js";
import { usualSparseFlow } from "../../src/alignment/rig-fit/usual-sparse-flow.js";
import type { SceneTruthFolder, TruthImage } from "../../src/alignment/truth/truth-folder.js";
import { noRigErrors, type RigErrors } from "../../src/geometry/rig-residual.js";
import { createAligner } from "../../src/native/aligner.js";
import type { MatchImage } from "../../src/native/radial-match.js";
import { resampled } from "../support/canonical-warp.js";
import { seededNormal } from "../support/noise.js";
import { motionErrors } from "../support/predicted-tangential.js";
import { channelOf, TracedRig } from "../support/traced-rig.js";

const distanceMm = 450;
/** At full scale; the noise of a sample is the root of what it holds. */
const fullWellElectrons = 15_000;
const mdegPerRad = 180_000 / Math.PI;
const subject = { source: "head", identity: 5, skinContrast: 0.06 } as const;
/** 200 mm/s for 1 ms. */
const moved = [0.2, 0, 0] as const;

/** One arm of the pair, made canonical by the truth's own map. */
interface Seen {
  readonly folder: SceneTruthFolder;
  readonly image: MatchImage;
}

describe("the rig as a rendered pair at 45 cm shows it", () => {
  let traced: TracedRig;
  let near: Seen;
  let far: Seen;
  let movedNear: Seen;
  const aligner = createAligner();
  beforeAll(async () => {
    const light = { kind: "even" } as const;
    traced = await TracedRig.start({ scene: { scene: "subject", light, samplesPerPixel: 4 } });
    near = await seen("near", [0, 0, 0]);
    far = await seen("far", [0, 0, 0]);
    movedNear = await seen("near", moved);
  }, 60_000);
  afterAll(async () => {
    await aligner.close();
    await traced.stop();
  });

  async function seen(arm: "near" | "far", offsetMm: readonly [number, number, number]): Promise<Seen> {
    await traced.scene({ subject: { ...subject, offsetMm: [...offsetMm] } }, distanceMm);
    const map = arm === "near" ? "canonicalToNear" : "canonicalToFar";
    const folder = await traced.truthArrays([map, "canonicalNearDepth", "nearVisible"]);
    const signal = await traced.signal(arm);
    const normal = seededNormal(arm === "near" ? 1 : 2);
    const green = channelOf(signal, 1).map(
      (x) => x + normal() * Math.sqrt(Math.max(0, x) / fullWellElectrons),
    );
    const frame = { width: signal.widthPx, height: signal.heightPx, channels: 1, data: green };
    const { data } = resampled(frame, folder.arrays[map] as TruthImage<Float32Array>);
    return {
      folder,
      image: {
        samples: Uint16Array.from(data, (x) => (Number.isNaN(x) ? 0 : Math.max(0, Math.round(32768 * x)))),
        channels: 1,
        flags: Uint8Array.from(data, (x) => (Number.isNaN(x) ? 0 : 1)),
      },
    };
  }

  /** As if the flow had been started with these errors. */
  async function fitted(nearSeen: Seen, rigErrors: RigErrors): Promise<FittedRig> {
    const { truth, arrays } = nearSeen.folder;
    const { sizePx, pxPerMm, epipolePx, near: nearView, far: farView } = truth.canonical;
    const [nearDepthMm, farDepthMm] = [nearView.aimDepthMm, farView.aimDepthMm];
    const { canonicalNearDepth, nearVisible } = arrays;
    if (canonicalNearDepth === undefined || nearVisible === undefined) throw new Error("no truth");
    const depthMap = canonicalNearDepth.data.map((depthMm, i) => {
      const towardsMm = nearDepthMm - depthMm;
      return nearVisible.data[i] === 1 && towardsMm > -160 ? towardsMm : Number.NaN;
    });
    const geometry: RigFitGeometry = { sizePx, pxPerMm, epipolePx, nearDepthMm, farDepthMm };
    const flow = await aligner.flowSparsely({
      ...geometry,
      ...usualSparseFlow,
      near: nearSeen.image,
      far: far.image,
      depthMap,
      depthRangeMm: [-160, 80],
      rigErrors,
    });
    const fit = fitRig(flow, geometry, rigErrors);
    if (fit === null) throw new Error("too few correspondences");
    return fit;
  }

  function expectErrors({ errors, record }: FittedRig, expected: RigErrors): void {
    const { nearPupilOffsetMm: offset, rollMdeg, shiftPx } = record;
    console.log(
      `offset ${offset.x.value.toFixed(3)} ± ${offset.x.sigma.toFixed(3)}, ${offset.y.value.toFixed(3)} ± ` +
        `${offset.y.sigma.toFixed(3)} mm (${expected.offsetXMm}, ${expected.offsetYMm}); roll ` +
        `${rollMdeg.value.toFixed(1)} ± ${rollMdeg.sigma.toFixed(1)} mdeg; shift ${shiftPx.x.value.toFixed(3)}, ` +
        `${shiftPx.y.value.toFixed(3)} px; tangential rms ${record.tangentialRmsPx.before.toFixed(3)} → ` +
        `${record.tangentialRmsPx.after.toFixed(3)} px, chi² ${record.chi2.toFixed(2)}, ${record.points} nodes`,
    );
    // 0.05 mm is asked at 23 cm, 0.25 mm at 137 cm; 5 mdeg everywhere.
    expect(Math.abs(errors.offsetXMm - expected.offsetXMm)).toBeLessThan(0.09);
    expect(Math.abs(errors.offsetYMm - expected.offsetYMm)).toBeLessThan(0.09);
    expect(Math.abs(errors.rollRad - expected.rollRad) * mdegPerRad).toBeLessThan(5);
    expect(Math.abs(errors.shiftXPx - expected.shiftXPx)).toBeLessThan(0.03);
    expect(Math.abs(errors.shiftYPx - expected.shiftYPx)).toBeLessThan(0.03);
    expect(offset.x.sigma).toBeLessThan(0.09);
    expect(record.points).toBeGreaterThan(1000);
    expect(record.chi2).toBeLessThan(3);
  }

  test("is as the truth has it, and nothing is corrected", async () => {
    const fit = await fitted(near, noRigErrors);
    expectErrors(fit, noRigErrors);
    expect(fit.record.applied).toBe(false);
  });

  test("comes out the same when it was taken for 1 mm aside and rolled by 0.1°", async () => {
    const wrong = { ...noRigErrors, offsetXMm: 1, rollRad: Math.PI / 1800 };
    const first = await fitted(near, wrong);
    expect(first.record.tangentialRmsPx.before).toBeGreaterThan(2 * first.record.tangentialRmsPx.after);
    // As an alignment does it: the windows once more, started where the rig was found to be.
    expectErrors(await fitted(near, first.errors), noRigErrors);
  });

  test("seems moved by what a head moves that the near camera sees 1 ms late", async () => {
    const fit = await fitted(movedNear, noRigErrors);
    expectErrors(fit, motionErrors(movedNear.folder.truth.canonical.pxPerMm, [200, 0], 1000));
    expect(fit.record.applied).toBe(true);
  });
});
