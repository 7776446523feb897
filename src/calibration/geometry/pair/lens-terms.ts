/** Which distortion terms a lens gets. */

/** Each holds the one before it. */
export const lensModels = ["k1", "k1 k2", "k1 k2 p1 p2", "k1 k2 p1 p2 k3"] as const;
export type LensModel = (typeof lensModels)[number];

const terms = ["k1", "k2", "p1", "p2", "k3"] as const;

/** Which of fx fy cx cy k1 k2 p1 p2 k3 are solved for. */
export function freeIntrinsics(model: LensModel): boolean[] {
  const chosen = model.split(" ");
  return [true, true, true, true, ...terms.map((term) => chosen.includes(term))];
}
