import { describe, expect, it } from "vitest";
import { type FaceZoneMap, faceZoneMap } from "../../src/alignment/face/face-zones.js";
import { genericRelief } from "../../src/alignment/face/relief.js";
import type { Resampled } from "../../src/native/resample.js";
import { type FaceZone, faceZones } from "../../src/schema/alignment.js";
import { seededNormal } from "../support/noise.js";
import { blankImage, type PosedFaceOptions, pairAt, posedFace, seenPoint } from "../support/posed-face.js";

type Rgb = readonly [number, number, number];
interface Look {
  readonly skin: Rgb;
  readonly hair: Rgb;
  readonly background: Rgb;
}

const usual: Look = { skin: [0.36, 0.24, 0.18], hair: [0.035, 0.025, 0.02], background: [0.1, 0.1, 0.1] };
const hairline = -80;
const pair = pairAt(900, 512);

/** The generic head as discs of its nodes: skin below the hairline, hair above and at the sides of the skull. */
function painted({ skin, hair, background }: Look, options: PosedFaceOptions): Resampled {
  const image = blankImage(pair.sizePx);
  const face = posedFace(pair, "near", options);
  const normal = seededNormal(3);
  const paint = (i: number, color: Rgb): void => {
    for (let c = 0; c < 3; c++)
      image.samples[3 * i + c] = Math.max(0, 32768 * (color[c] as number) * (1 + 0.05 * normal()));
  };
  for (let i = 0; i < image.flags.length; i++) paint(i, background);
  for (const node of genericRelief().nodes) {
    if (node === null || node.coverage < 0.5) continue;
    const [x, y] = seenPoint(face.view, options, [node.x, node.y, node.h]).px.map(Math.round) as [
      number,
      number,
    ];
    const isHair = node.y < hairline || (node.y < -20 && Math.abs(node.x) > 68);
    for (let v = y - 6; v <= y + 6; v++)
      for (let u = x - 6; u <= x + 6; u++)
        if (u >= 0 && v >= 0 && u < pair.sizePx && v < pair.sizePx)
          paint(v * pair.sizePx + u, isHair ? hair : skin);
  }
  return image;
}

function zoneAt(
  map: FaceZoneMap,
  options: PosedFaceOptions,
  x: number,
  y: number,
  h: number,
): FaceZone | null {
  const { view } = posedFace(pair, "near", options);
  const [u, v] = seenPoint(view, options, [x, y, h]).px.map(Math.round) as [number, number];
  const code = map.zones[v * map.widthPx + u] as number;
  return code === 0 ? null : (faceZones[code - 1] as FaceZone);
}

function mapOf(
  look: Look,
  options: PosedFaceOptions = {},
  change = (image: Resampled) => image,
): FaceZoneMap {
  return faceZoneMap(change(painted(look, options)), posedFace(pair, "near", options), null);
}

function expectHead(map: FaceZoneMap, options: PosedFaceOptions = {}): void {
  const zone = (x: number, y: number, h: number) => zoneAt(map, options, x, y, h);
  expect(zone(0, 25, 29)).toBe("front");
  expect(zone(-30, 30, 5)).toBe("front");
  expect(zone(0, -50, 8)).toBe("front");
  expect(zone(-62, 25, -25)).toBe("jaw-side");
  expect(zone(0, -105, -20)).toBe("hair");
  expect(zone(0, 130, -45)).toBe("neck");
}

describe("zones of a head", () => {
  it("are front, sides, ears, hair and neck, and nothing beside them", () => {
    const map = mapOf(usual);
    expectHead(map);
    expect(zoneAt(map, {}, -79, 10, -85)).toBe("ears");
    for (const [x, y] of [
      [-120, 0],
      [120, -40],
      [0, -140],
    ] as const)
      expect(zoneAt(map, {}, x, y, 0)).toBeNull();
  });

  it.each([
    [
      "dark skin in dim light",
      { skin: [0.012, 0.008, 0.006], hair: [0.002, 0.002, 0.002], background: [0.03, 0.03, 0.03] },
    ],
    [
      "light skin before a bright wall",
      { skin: [0.6, 0.5, 0.45], hair: [0.3, 0.22, 0.1], background: [0.9, 0.9, 0.9] },
    ],
    ["dark hair before black", { ...usual, background: [0.004, 0.004, 0.005] }],
    ["a bald head", { ...usual, hair: usual.skin }],
  ] as const)("are found with %s", (_, look) => {
    expectHead(mapOf(look));
  });

  it("follow a head that is turned and off the middle", () => {
    const options = { yawDeg: 18, pitchDeg: 5, rollDeg: -8, offsetMm: [15, 10] as const, scale: 1.05 };
    const map = mapOf(usual, options);
    expect(zoneAt(map, options, 0, 25, 29)).toBe("front");
    expect(zoneAt(map, options, 0, -50, 8)).toBe("front");
    expect(zoneAt(map, options, 0, -100, -15)).toBe("hair");
  });

  it("are found in mono images", () => {
    expectHead(
      mapOf(usual, {}, (image) => ({
        ...image,
        channels: 1,
        samples: image.samples.filter((_, i) => i % 3 === 1),
      })),
    );
  });

  it("end at the image's valid part", () => {
    const half = pair.sizePx / 2;
    const map = mapOf(usual, {}, (image) => ({
      ...image,
      flags: image.flags.map((flag, i) => (i % pair.sizePx < half ? flag : 0)),
    }));
    expect(zoneAt(map, {}, -30, 30, 5)).toBe("front");
    expect(map.zones.every((zone, i) => zone === 0 || i % pair.sizePx < half)).toBe(true);
  });

  it("leave a wall out that is seen to stand behind, though it looks like hair", () => {
    const look = { ...usual, background: usual.hair };
    const image = painted(look, {});
    const face = posedFace(pair, "near", {});
    // The match found the wall 170 mm behind the eyes and more.
    const depthMm = new Float32Array(image.flags.length).fill(Number.NaN);
    for (let i = 0; i < depthMm.length; i++) if (i % pair.sizePx < 60) depthMm[i] = -175;
    const map = faceZoneMap(image, face, { depthMm });
    expect(zoneAt(map, {}, 0, 25, 29)).toBe("front");
    expect(map.zones.every((zone, i) => zone === 0 || i % pair.sizePx >= 60)).toBe(true);
  });
});
