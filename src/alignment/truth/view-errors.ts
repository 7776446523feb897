/** Flow and depth of one view of an aligned pair against the truth, pixel by pixel. */
import type { Pixel } from "../../geometry/brown-camera.js";
import { maskBits } from "../../schema/alignment.js";
import type { AlignedView } from "./aligned-arrays.js";
import { type CanonicalGeometry, depthOf, type LandingErrors } from "./landing-errors.js";
import { occlusion } from "./occlusion-score.js";
import type { Arm, TruePlace, TruePlaces } from "./true-places.js";

/** All pixels that show a surface which both images can show; entries run alongside each other. */
export interface ViewErrors {
  readonly sizePx: number;
  /** Pixels that both pupils see: index into `faceZones`. */
  readonly zone: readonly number[];
  /** End-point error, px; NaN where nothing was measured. */
  readonly endPointPx: readonly number[];
  /** Its part along the radius, and that over the claimed sigma. */
  readonly radialPx: readonly number[];
  readonly sigmaPx: readonly number[];
  readonly depthMm: readonly number[];
  /** sizePx × sizePx, `occlusion`: what the alignment says and what is. */
  readonly claimed: Uint8Array;
  readonly actual: Uint8Array;
  /** Pixels that the other pupil does not see and that have measured flow all the same. */
  readonly measuredHidden: number;
}

export interface ViewInput {
  readonly arm: Arm;
  readonly view: AlignedView;
  readonly otherMask: Uint8Array;
  readonly geometry: CanonicalGeometry;
  readonly places: TruePlaces;
  readonly gauge: LandingErrors["T_rig_truth"];
  /** Index into `faceZones` of a point in the truth's rig frame. */
  readonly zoneOf: (pointMm: TruePlace["pointMm"]) => number;
}

export function viewErrors(input: ViewInput): ViewErrors {
  const { sizePx } = input.geometry.pair;
  const errors = new Errors(input);
  for (let y = 0; y < sizePx; y++)
    for (let x = 0; x < sizePx; x++) {
      const index = y * sizePx + x;
      if (!isSet(input.view.mask[index], maskBits.valid)) continue;
      const place = input.places.at(input.arm, [x, y]);
      if (place !== null) errors.add(index, [x, y], place);
    }
  return errors;
}

class Errors implements ViewErrors {
  readonly sizePx: number;
  readonly zone: number[] = [];
  readonly endPointPx: number[] = [];
  readonly radialPx: number[] = [];
  readonly sigmaPx: number[] = [];
  readonly depthMm: number[] = [];
  readonly claimed: Uint8Array;
  readonly actual: Uint8Array;
  measuredHidden = 0;
  readonly #input: ViewInput;

  constructor(input: ViewInput) {
    this.#input = input;
    this.sizePx = input.geometry.pair.sizePx;
    this.claimed = new Uint8Array(this.sizePx ** 2);
    this.actual = new Uint8Array(this.sizePx ** 2);
  }

  add(index: number, pixel: Pixel, place: TruePlace): void {
    const { view } = this.#input;
    const mask = view.mask[index];
    const measured = isSet(mask, maskBits.measured) && !Number.isNaN(view.flow[2 * index] as number);
    if (isSet(mask, maskBits.head) && (!place.visible || this.#isShown(place.other))) {
      this.claimed[index] = isSet(mask, maskBits.hidden) ? occlusion.hidden : occlusion.seen;
      this.actual[index] = place.visible ? occlusion.seen : occlusion.hidden;
    }
    if (!place.visible) {
      if (measured) this.measuredHidden++;
    } else if (place.other !== null && this.#isShown(place.other)) {
      this.zone.push(this.#input.zoneOf(place.pointMm));
      if (measured) this.#addMeasured(index, pixel, place.other, place.pointMm);
      else this.#addUnmeasured();
    }
  }

  #addMeasured(index: number, [x, y]: Pixel, [otherX, otherY]: Pixel, pointMm: TruePlace["pointMm"]): void {
    const { view, geometry, gauge } = this.#input;
    const { epipolePx } = geometry.pair;
    const dx = x + (view.flow[2 * index] as number) - otherX;
    const dy = y + (view.flow[2 * index + 1] as number) - otherY;
    const [rx, ry] = [otherX - epipolePx[0], otherY - epipolePx[1]];
    this.endPointPx.push(Math.hypot(dx, dy));
    this.radialPx.push((dx * rx + dy * ry) / Math.max(Math.hypot(rx, ry), 1e-9));
    this.sigmaPx.push(view.sigma[index] as number);
    this.depthMm.push((view.depth[index] as number) - depthOf(geometry.pair, gauge, pointMm));
  }

  #addUnmeasured(): void {
    for (const list of [this.endPointPx, this.radialPx, this.sigmaPx, this.depthMm]) list.push(Number.NaN);
  }

  /** The other image has this place. */
  #isShown(other: Pixel | null): boolean {
    if (other === null) return false;
    const [column, row] = [Math.round(other[0]), Math.round(other[1])];
    if (!(column >= 0 && row >= 0 && column < this.sizePx && row < this.sizePx)) return false;
    return isSet(this.#input.otherMask[row * this.sizePx + column], maskBits.valid);
  }
}

function isSet(mask: number | undefined, bit: number): boolean {
  return ((mask ?? 0) & bit) !== 0;
}
