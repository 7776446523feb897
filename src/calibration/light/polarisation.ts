/** What the plate does to polarised light in each arm, from one white in s, p and unpolarised light. */
import { WorldError } from "../../base/errors.js";
import type { PerArm } from "../../capture/rig.js";
import { middleSignal } from "../../imaging/middle-signal.js";
import type { LinearImage } from "../../imaging/raw-frame.js";
import type { LightCalibration } from "../../schema/calibration-color.js";

/** Relative to unpolarised light, of the same lamps through the same polariser. */
export type PolarisedResponse = NonNullable<LightCalibration["polarisation"]>;

export interface PolarisedWhites {
  readonly s: PerArm<LinearImage>;
  readonly p: PerArm<LinearImage>;
}

const leastSignal = 0.01;
const mostSignal = 0.98;

/**
 * Unpolarised light is half s and half p, so their mean is its response: what the polariser itself swallows, which is
 * more than half, falls out, and no shot without it is needed.
 * @throws WorldError CALIBRATION_REFUSED when a white is under- or overexposed.
 */
export function measurePolarisation({ s, p }: PolarisedWhites): PolarisedResponse {
  const near = shares(signalOf(s.near), signalOf(p.near));
  const far = shares(signalOf(s.far), signalOf(p.far));
  return { nearS: near.s, nearP: near.p, farS: far.s, farP: far.p };
}

/**
 * How much brighter the near arm shows a highlight than the far arm, beside diffuse skin that is alike in both.
 * @returns for highlights whose light is all s, and all p; 1 and 1 for a plate that does not polarise.
 */
export function highlightRatios({ nearS, nearP, farS, farP }: PolarisedResponse): { s: number; p: number } {
  return { s: nearS / farS, p: nearP / farP };
}

function signalOf(image: LinearImage): number {
  const signal = middleSignal(image);
  if (Math.min(...signal) < leastSignal || Math.max(...signal) > mostSignal) throw badWhite();
  return (signal[0] + signal[1] + signal[2]) / 3;
}

function shares(s: number, p: number): { s: number; p: number } {
  return { s: (2 * s) / (s + p), p: (2 * p) / (s + p) };
}

function badWhite(): WorldError {
  return new WorldError("CALIBRATION_REFUSED", "the white in polarised light is too dark or saturates", {
    advice: "Expose it to between a tenth and nine tenths of the range in both turns of the polariser.",
  });
}
