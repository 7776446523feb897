/** Puts things before the rig for calibration, or asks a person to. */
export interface TargetRequest {
  /** Id of a target, or what else should be seen: nothing (lights on, nobody there), an even white field, no light. */
  readonly show: { readonly target: string } | "nothing" | "flat" | "dark";
  /** Wished `T_rig_target`; rotation vector in degrees. People come near it; it is never taken as known. */
  readonly pose?: {
    readonly translationMm: readonly [number, number, number];
    readonly rotationDeg: readonly [number, number, number];
  };
  /** Light through a linear polariser that lets it swing vertically (s of the plate) or horizontally (p); else without. */
  readonly polarised?: "s" | "p";
  /** `steady`: light that burns all the time and no strobe, so that signal follows the exposure; else the session's. */
  readonly light?: "steady";
  /** What to ask a person, a sentence: "Tilt the board's left edge towards the cameras, about 30°." */
  readonly text: string;
}

export interface TargetGuide {
  /** True where a program sets the scene: poses are taken exactly and nobody has to be waited for. */
  readonly automatic: boolean;
  /** Resolves when it stands there and holds still. */
  show(request: TargetRequest, signal?: AbortSignal): Promise<void>;
  /** What stood there before the first `show` may come back. May be called at any time, also twice. */
  release(): Promise<void>;
}
