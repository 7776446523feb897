/** Light that falls on everything: what a camera sees where it should see nothing. */
import { WorldError } from "../../base/errors.js";
import { labOfXyz, type Triple, whiteD50 } from "../../color/lab.js";
import { middleSignal } from "../../imaging/middle-signal.js";
import type { LinearImage } from "../../imaging/raw-frame.js";

export interface VeilImages {
  /** Lights on, nobody there, black velvet behind. */
  readonly nobody: LinearImage;
  /** An even white in the same light. */
  readonly white: LinearImage;
  /** Exposure of `nobody` over that of `white`; 1 when left out. */
  readonly exposureRatio?: number;
}

const leastWhite = 0.05;
const mostWhite = 0.98;

/**
 * Signal of `nobody` as a share of a white's in the middle of the view, each channel: the light of the trap, of stray
 * reflections in lens and plate and of the velvet itself (about 0.2 %). The same light lies over the white, too, and is
 * taken off there.
 * @throws WorldError CALIBRATION_REFUSED when the white is under- or overexposed.
 */
export function measureVeil({ nobody, white, exposureRatio = 1 }: VeilImages): Triple {
  const seen = middleSignal(nobody);
  const full = middleSignal(white);
  if (Math.min(...full) < leastWhite || Math.max(...full) > mostWhite) throw badWhite(full);
  const share = (channel: 0 | 1 | 2): number => {
    const veil = seen[channel] / exposureRatio;
    return veil / (full[channel] - veil);
  };
  return [share(0), share(1), share(2)];
}

/** Reflectance of dark skin, the tone that a veil lifts most. */
const darkSkin = 0.05;

/** By how much a veil lightens dark skin, in L*: 1 % makes 2.7. */
export function liftOfDarkSkin(veil: Triple): number {
  const mean = (veil[0] + veil[1] + veil[2]) / 3;
  const lightness = (y: number): number => labOfXyz([whiteD50[0] * y, y, whiteD50[2] * y])[0];
  return lightness(darkSkin + mean) - lightness(darkSkin);
}

function badWhite(signal: Triple): WorldError {
  const shares = signal.map((value) => `${(100 * value).toFixed(1)} %`).join(", ");
  return new WorldError(
    "CALIBRATION_REFUSED",
    `the white reads ${shares} of the range: of no use as a scale`,
    {
      advice: "Expose the white field to between a third and nine tenths of the range.",
    },
  );
}
