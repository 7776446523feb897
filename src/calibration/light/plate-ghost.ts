/** The second image that the uncoated face of a plane-parallel plate makes. */

export interface PlateGlass {
  readonly thicknessMm: number;
  readonly refractiveIndex: number;
  /** Angle between the line of sight and the plate's normal; 45 in the middle of the views. */
  readonly incidenceDeg?: number;
}

/**
 * Distance between the ray reflected once and the one reflected at the second face, across the line of sight:
 * t sin 2θ / √(n² - sin² θ); 2.230 mm for 3 mm of glass (n = 1.52) at 45°.
 */
export function ghostSeparationMm({ thicknessMm, refractiveIndex, incidenceDeg = 45 }: PlateGlass): number {
  return thicknessMm * separationOfThickness(refractiveIndex, incidenceDeg);
}

/** Thickness of the plate whose ghost stands this far aside. */
export function thicknessOfSeparation(
  separationMm: number,
  refractiveIndex: number,
  incidenceDeg = 45,
): number {
  return separationMm / separationOfThickness(refractiveIndex, incidenceDeg);
}

function separationOfThickness(refractiveIndex: number, incidenceDeg: number): number {
  const angle = (incidenceDeg * Math.PI) / 180;
  return Math.sin(2 * angle) / Math.sqrt(refractiveIndex ** 2 - Math.sin(angle) ** 2);
}

/**
 * Where the ghost of a point is seen, from its main image: in the plate's plane of incidence, which is horizontal,
 * and to the right in both upright un-mirrored views, as the plate's normal points to the subject and to the right.
 * @param pxPerMm magnification in the point's plane: focal length in px over its distance.
 */
export function expectedGhostPx(glass: PlateGlass, pxPerMm: number): readonly [number, number] {
  return [ghostSeparationMm(glass) * pxPerMm, 0];
}
