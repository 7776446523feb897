/** Makes camera frames of known scenes: the reverse of what src/imaging undoes. */

import { type CfaPattern, pixelLayouts } from "../../src/imaging/pixel-layout.js";
import type { RawFrame, SampleFrame } from "../../src/imaging/raw-frame.js";
import type { PixelFormat } from "../../src/schema/pixel-format.js";
import type { Mount } from "../../src/schema/rig-config.js";
import { seededNormal } from "./noise.js";

/** Light of an upright, un-mirrored scene at px (u, v), as shares of saturation: R, G, B. */
export type Scene = (u: number, v: number) => readonly [number, number, number];

export interface CameraModel {
  /** Size of the upright scene. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelFormat: PixelFormat;
  readonly bitDepth: number;
  readonly blackLevel: number;
  readonly whiteLevel: number;
  readonly mount: Mount;
  /** Standard deviation of the noise, in sample units; 0 by default. */
  readonly noise?: number;
  readonly seed?: number;
}

const upright: Mount = { rotationDeg: 0, mirrored: false };

export function camera(widthPx: number, heightPx: number, changes: Partial<CameraModel> = {}): CameraModel {
  return {
    widthPx,
    heightPx,
    pixelFormat: "Mono12",
    bitDepth: 12,
    blackLevel: 64,
    whiteLevel: 4000,
    mount: upright,
    ...changes,
  };
}

/** What the camera stores of the scene: turned as it is mounted, mirrored, mosaicked, with black level. */
export function exposeSamples(scene: Scene, model: CameraModel): SampleFrame {
  const { blackLevel, whiteLevel, pixelFormat, mount, noise = 0, seed = 1 } = model;
  const turned = mount.rotationDeg % 180 !== 0;
  const widthPx = turned ? model.heightPx : model.widthPx;
  const heightPx = turned ? model.widthPx : model.heightPx;
  const { cfa, samplesPerPixel } = pixelLayouts[pixelFormat];
  const samples = new Uint16Array(new SharedArrayBuffer(widthPx * heightPx * samplesPerPixel * 2));
  const normal = seededNormal(seed);
  const ceiling = 2 ** model.bitDepth - 1;
  const record = (index: number, share: number): void => {
    const ideal = blackLevel + share * (whiteLevel - blackLevel);
    const value = Math.round(Math.min(ideal, whiteLevel) + (noise > 0 ? noise * normal() : 0));
    samples[index] = Math.min(Math.max(value, 0), ceiling);
  };
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const color = scene(...uprightPixel(x, y, model, widthPx));
      const pixel = y * widthPx + x;
      if (samplesPerPixel === 3)
        color.forEach((share, channel) => {
          record(pixel * 3 + channel, share);
        });
      else record(pixel, color[cfa === null ? 1 : filterAt(cfa, x, y)]);
    }
  }
  return { samples, widthPx, heightPx, pixelFormat, bitDepth: model.bitDepth, blackLevel, whiteLevel, mount };
}

/** Where stored px (x, y) lies in the upright scene: un-mirror, then turn clockwise; by hand, per case. */
function uprightPixel(x: number, y: number, model: CameraModel, storedWidth: number): [number, number] {
  const unmirrored = model.mount.mirrored ? storedWidth - 1 - x : x;
  const turns: Record<Mount["rotationDeg"], [number, number]> = {
    0: [unmirrored, y],
    90: [model.widthPx - 1 - y, unmirrored],
    180: [model.widthPx - 1 - unmirrored, model.heightPx - 1 - y],
    270: [y, model.heightPx - 1 - unmirrored],
  };
  return turns[model.mount.rotationDeg];
}

function filterAt(cfa: CfaPattern, x: number, y: number): 0 | 1 | 2 {
  return "RGB".indexOf(cfa.charAt((y & 1) * 2 + (x & 1))) as 0 | 1 | 2;
}

/** The samples as the camera sends them, in the payload layout of their pixel format. */
export function toRawFrame(frame: SampleFrame): RawFrame {
  const { samples, ...meaning } = frame;
  return { ...meaning, payload: packSamples(samples, frame.pixelFormat) };
}

export function packSamples(samples: Uint16Array, pixelFormat: PixelFormat): Uint8Array<SharedArrayBuffer> {
  const bits = pixelLayouts[pixelFormat].containerBits;
  const payload = new Uint8Array(new SharedArrayBuffer(Math.ceil((samples.length * bits) / 8)));
  samples.forEach((sample, i) => {
    // Bit b of the payload's stream is bit b % 8 of byte b / 8: true of all three containers.
    for (let bit = 0; bit < bits; bit++) {
      const place = i * bits + bit;
      const byte = place >> 3;
      payload[byte] = (payload[byte] as number) | (((sample >> bit) & 1) << (place & 7));
    }
  });
  return payload;
}

/** Box blur of a scene over (2·radius + 1)² px. */
export function blurred(scene: Scene, radius: number): Scene {
  const count = (2 * radius + 1) ** 2;
  return (u, v) => {
    const sum: [number, number, number] = [0, 0, 0];
    for (let dv = -radius; dv <= radius; dv++) {
      for (let du = -radius; du <= radius; du++) {
        scene(u + du, v + dv).forEach((share, channel) => {
          sum[channel as 0 | 1 | 2] += share / count;
        });
      }
    }
    return sum;
  };
}

/** The scene under another exposure. */
export function exposedBy(scene: Scene, factor: number): Scene {
  return (u, v) => {
    const [r, g, b] = scene(u, v);
    return [r * factor, g * factor, b * factor];
  };
}
