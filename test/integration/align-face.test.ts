import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CanonicalFace,
  type CanonicalFaces,
  findAlignedFaces,
} from "../../src/alignment/face/aligned-faces.js";
import { eyeDepth } from "../../src/alignment/face/eye-depth.js";
import { faceZoneMap } from "../../src/alignment/face/face-zones.js";
import { blinkDiffers, poseDifferenceDeg } from "../../src/alignment/quality/face-agreement.js";
import { qualityOf } from "../../src/alignment/quality/quality-of.js";
import { createFaceFinder, type FaceFinder } from "../../src/faces/face-finder.js";
import { createAligner } from "../../src/native/aligner.js";
import { faceZones } from "../../src/schema/alignment.js";
import type { VirtualScene } from "../../src/schema/virtual-scene.js";
import { type RenderedPair, renderedPair } from "../support/canonical-render.js";
import { priorFigures } from "../support/prior-figures.js";
import { TracedRig } from "../support/traced-rig.js";

const light = { continuous: 0.05, strobe: 0.95 } as const;
const straight: NonNullable<VirtualScene["subject"]> = {
  source: "head",
  identity: 5,
  expression: "neutral",
  yawDeg: 0,
  pitchDeg: 0,
  rollDeg: 0,
  offsetMm: [0, 0, 0],
};

let rig: TracedRig;
let finder: FaceFinder;
const aligner = createAligner({ threads: 1 });

beforeAll(async () => {
  finder = await createFaceFinder(undefined, 1);
  rig = await TracedRig.start({
    scene: { scene: "subject", light, samplesPerPixel: 1, motion: { kind: "none" } },
  });
});

afterAll(async () => {
  await Promise.all([rig.stop(), finder.close(), aligner.close()]);
});

interface Shown extends RenderedPair {
  readonly faces: { readonly [Arm in keyof CanonicalFaces]: CanonicalFace };
}

const shown = new Map<string, Promise<Shown>>();

/** Rendered once for all tests that look at it. */
function show(subject: NonNullable<VirtualScene["subject"]>, distanceMm: number): Promise<Shown> {
  const key = JSON.stringify({ subject, distanceMm });
  const known = shown.get(key) ?? render(subject, distanceMm);
  shown.set(key, known);
  return known;
}

async function render(subject: NonNullable<VirtualScene["subject"]>, distanceMm: number): Promise<Shown> {
  await rig.scene({ subject: { ...straight, ...subject }, light }, distanceMm);
  const rendered = await renderedPair(rig, aligner);
  const { near, far } = await findAlignedFaces(finder, rendered.near, rendered.far, {
    pair: rendered.pair,
    rec2020: false,
  });
  if (near === null || far === null) throw new Error("no face was found");
  return { ...rendered, faces: { near, far } };
}

describe("faces of a rendered pair", () => {
  it("are found from near and from afar, with their landmarks where they are", async () => {
    const { faces, truth } = await show({}, 300);
    const points = truth.pointSets.find(({ name }) => name === "landmarks68")?.points ?? [];
    for (const arm of ["near", "far"] as const) {
      const found = faces[arm].record;
      // The corners of the eyes, which networks and truth agree about.
      for (const id of [36, 39, 42, 45]) {
        const [x, y] = points.find((point) => point.id === id)?.[arm].canonicalPx ?? [0, 0];
        const away = Math.hypot(
          x - (found.landmarks68[2 * id] as number),
          y - (found.landmarks68[2 * id + 1] as number),
        );
        // 5 % of the distance between the outer corners.
        expect(away).toBeLessThan(15);
      }
      expect(found.score).toBeGreaterThan(0.8);
      expect(Math.min(...found.eyeOpening)).toBeGreaterThan(0.25);
      expect(faces[arm].insideShare).toBe(1);
    }
  });

  it("turn as the head turns, alike in both arms", async () => {
    const still = await show({}, 450);
    const turned = await show({ yawDeg: 15, pitchDeg: 0, rollDeg: 8 }, 450);
    for (const arm of ["near", "far"] as const) {
      const [before, after] = [still.faces[arm].record, turned.faces[arm].record];
      expect(after.yawDeg - before.yawDeg).toBeGreaterThan(11);
      expect(after.yawDeg - before.yawDeg).toBeLessThan(21);
      expect(after.rollDeg - before.rollDeg).toBeCloseTo(8, -0.5);
    }
    expect(poseDifferenceDeg(turned.faces.near, turned.faces.far)).toBeLessThan(4);
    expect(poseDifferenceDeg(turned.faces.near, still.faces.far)).toBeGreaterThan(8);
  });

  it("tell shut eyes from open ones", async () => {
    const open = await show({}, 450);
    const shut = await show({ expression: "eyes-closed" }, 450);
    expect(Math.max(...shut.faces.near.record.eyeOpening)).toBeLessThan(0.2);
    expect(blinkDiffers(shut.faces.near, shut.faces.far)).toBe(false);
    expect(blinkDiffers(open.faces.near, shut.faces.far)).toBe(true);
  });

  it("are found in a fiftieth of the light", async () => {
    const { near, far, pair } = await show({ identity: 0 }, 450);
    const dark = (image: typeof near) => ({ ...image, samples: image.samples.map((s) => s / 50) });
    const faces = await findAlignedFaces(finder, dark(near), dark(far), { pair, rec2020: true });
    expect(faces.near?.record.score).toBeGreaterThan(0.8);
    expect(faces.far?.record.score).toBeGreaterThan(0.8);
  });

  it("are none before an empty wall", async () => {
    const { near, far, pair } = await show({}, 450);
    const empty = (image: typeof near) => ({ ...image, samples: image.samples.map(() => 5000) });
    const faces = await findAlignedFaces(finder, empty(near), empty(far), { pair, rec2020: true });
    expect(faces).toEqual({ near: null, far: null });
  });
});

describe("head of a rendered pair", () => {
  it("is told from the wall, and its zones lie where the truth's depth has them", async () => {
    const { faces, near, nearDepthMm } = await show({ identity: 0 }, 450);
    const { zones } = faceZoneMap(near, faces.near, null);
    let [both, either] = [0, 0];
    const deepest = new Map<string, number>();
    // Down to the collar: below it the truth's depth is the body's.
    for (let i = 0; i < 1024 * 850; i++) {
      if ((near.flags[i] as number) === 0) continue;
      const isHead = (nearDepthMm[i] as number) > -160;
      const zone = zones[i] as number;
      if (isHead && zone > 0) both += 1;
      if (isHead || zone > 0) either += 1;
      if (isHead && zone > 0) {
        const name = faceZones[zone - 1] as string;
        deepest.set(name, (deepest.get(name) ?? 0) + (nearDepthMm[i] as number));
      }
    }
    expect(both / either).toBeGreaterThan(0.93);
    const meanDepth = (name: (typeof faceZones)[number]): number =>
      (deepest.get(name) ?? 0) /
      zones.slice(0, 1024 * 850).filter((z) => z === 1 + faceZones.indexOf(name)).length;
    expect(meanDepth("front")).toBeGreaterThan(0);
    expect(meanDepth("jaw-side")).toBeLessThan(-15);
    expect(meanDepth("neck")).toBeLessThan(-25);
  });

  it.each([
    { identity: 5, distanceMm: 250 },
    { identity: 0, distanceMm: 900 },
  ])(
    "has eyes at the depth that is measured: $identity at $distanceMm mm",
    async ({ identity, distanceMm }) => {
      const moved = await show({ identity, offsetMm: [0, 0, -10] }, distanceMm);
      const exact = {
        depthMm: moved.nearDepthMm,
        depthSigmaMm: moved.nearDepthMm.map((h) => (h > -160 ? 1 : Number.NaN)),
      };
      const view = {
        ...exact,
        depthMm: exact.depthMm.map((h, i) => (Number.isNaN(exact.depthSigmaMm[i]) ? Number.NaN : h)),
        sigmaPx: exact.depthSigmaMm,
        flow: new Float32Array(2 * exact.depthMm.length),
        visible: new Uint8Array(exact.depthMm.length).fill(1),
      };
      const byFlow = eyeDepth(moved.pair, moved.faces, { near: view, far: view });
      expect(byFlow?.source).toBe("flow");
      expect(Math.abs((byFlow?.depthMm.value ?? Number.NaN) - 10)).toBeLessThan(4);
      const byScale = eyeDepth(moved.pair, moved.faces, null);
      expect(Math.abs((byScale?.depthMm.value ?? Number.NaN) - 10)).toBeLessThan(
        3 * (byScale?.depthMm.sigma ?? 0),
      );
    },
  );

  it("is as deep as its prior says, within what the prior claims", async () => {
    const rendered = await show({ identity: 0, offsetMm: [0, 0, -10] }, 900);
    const front = priorFigures(rendered, "near", rendered.faces, 10).get("front");
    expect(front?.cells).toBeGreaterThan(1500);
    // The mesh takes this head's long face for one that looks down: at brow and chin that makes 10 mm and more.
    expect(front?.rmsMm).toBeLessThan(12);
    expect(front?.normalised).toBeGreaterThan(0.4);
    expect(front?.normalised).toBeLessThan(1.4);
  });

  it("has a quality whose sharpness tells a blurred arm", async () => {
    const { near, far, faces, pair } = await show({ identity: 5 }, 450);
    const rest = {
      faces,
      pair,
      rec2020: false,
      zones: null,
      match: null,
      eyes: null,
      rigFit: null,
      skewUs: null,
    };
    const alike = qualityOf({ near, far, ...rest }).sharpnessRatio as number;
    expect(alike).toBeGreaterThan(0.7);
    expect(alike).toBeLessThan(1.5);
    const blurred = { ...near, samples: near.samples.slice() };
    const width = 3 * near.widthPx;
    for (let i = 6 * width; i < near.samples.length - 6 * width; i++) {
      let sum = 0;
      for (let k = -6; k <= 6; k++)
        sum += (near.samples[i + 3 * k] as number) + (near.samples[i + k * width] as number);
      blurred.samples[i] = sum / 26;
    }
    expect(qualityOf({ near: blurred, far, ...rest }).sharpnessRatio as number).toBeLessThan(0.75 * alike);
  });
});
