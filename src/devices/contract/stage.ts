/** The rail that carries the near camera. */
export interface Stage {
  /** `manual` asks the operator, `virtual` moves the simulated rail. */
  readonly kind: "manual" | "virtual";
  /**
   * Moves the near camera so that its entrance pupil stands `distanceMm` before the eye plane;
   * resolves when it rests there.
   * @throws CallerError STAGE_REFUSED outside the rail's travel.
   */
  moveTo(distanceMm: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
