/** Pairs of faces as the virtual rig's cameras give them, with a calibration made from seen corners and all truth. */
import { createHash } from "node:crypto";
import type { AlignedPair } from "../../src/alignment/aligned-pair.js";
import type { FrameInput, PairInput, UsedCalibration } from "../../src/alignment/pair-input.js";
import type { ComparedFiles } from "../../src/alignment/truth/aligned-arrays.js";
import type { SceneTruthFolder } from "../../src/alignment/truth/truth-folder.js";
import { calibratePair } from "../../src/calibration/geometry/pair/calibrate-pair.js";
import { createRecord } from "../../src/calibration/record/create-record.js";
import type { Arm } from "../../src/devices/contract/trigger-board.js";
import { createSolver } from "../../src/native/solver.js";
import type { PairCalibration } from "../../src/schema/calibration-geometry.js";
import { calibrationText } from "../../src/schema/calibration-text.js";
import { truthArray } from "../../src/schema/truth-array.js";
import { recordContext } from "./calibration-fixtures.js";
import { SeenPair } from "./seen-pair.js";
import { sharedData } from "./shared-data.js";
import { type FloatImage, TracedRig, type TracedRigOptions } from "./traced-rig.js";

export interface RenderedSubject {
  readonly source: "head" | "ict";
  readonly identity: number;
  readonly skinContrast: number;
}

export type RenderedInput = PairInput & { readonly geometry: NonNullable<PairInput["geometry"]> };

/** Whether subjects of source `ict` can be shown here. */
export const hasIctFaceKit = sharedData("ict-facekit") !== null;

/**
 * The usual virtual rig: 1280 × 1024 px of color mosaic with 12 bit, 15,000 e full well, f/16, honest mode, a 3 mm
 * plate; a studio's light. Its calibration comes from corners with 0.1 px of noise. No color calibration, no flat field:
 * the arms' colors differ and both are darker in the corners.
 */
export class RenderedPairs {
  readonly #traced: TracedRig;
  readonly #stopsMm: readonly number[];
  readonly #calibration: UsedCalibration<PairCalibration>;

  private constructor(
    traced: TracedRig,
    stopsMm: readonly number[],
    calibration: UsedCalibration<PairCalibration>,
  ) {
    this.#traced = traced;
    this.#stopsMm = stopsMm;
    this.#calibration = calibration;
  }

  /** @param optics of the rig that takes the pairs, when it is no more as it was calibrated. */
  static async start(
    stopsMm: readonly number[],
    optics?: TracedRigOptions["optics"],
  ): Promise<RenderedPairs> {
    const calibration = await calibrated(stopsMm);
    const traced = await TracedRig.start({
      ...(optics && { optics }),
      pixelFormat: "BayerRG12",
      scene: { scene: "subject", samplesPerPixel: 4 },
    });
    return new RenderedPairs(traced, stopsMm, calibration);
  }

  /** @param movedMm how far the subject moves, along the rig's axes, from the near arm's instant to the far arm's. */
  async pairOf(
    subject: RenderedSubject,
    distanceMm: number,
    movedMm: [number, number, number] = [0, 0, 0],
  ): Promise<{ readonly input: RenderedInput; readonly truth: SceneTruthFolder }> {
    await this.#traced.scene({ subject: { ...subject, offsetMm: movedMm } }, distanceMm);
    const far = await this.#traced.raw("far");
    await this.#traced.scene({ subject: { ...subject, offsetMm: [0, 0, 0] } }, distanceMm);
    const input: RenderedInput = {
      near: frameOf("near", await this.#traced.raw("near")),
      far: frameOf("far", far),
      distanceMm,
      skewUs: 0,
      geometry: { ...this.#calibration, stopIndex: this.#stopsMm.indexOf(distanceMm) },
      color: null,
      reference: null,
      expired: false,
    };
    return { input, truth: await this.#traced.truthArrays(truthArray.options) };
  }

  stop(): Promise<void> {
    return this.#traced.stop();
  }
}

function frameOf(arm: Arm, { data, widthPx, heightPx }: FloatImage): FrameInput {
  const samples = Uint16Array.from(data);
  return {
    sha256: createHash("sha256").update(samples).digest("hex"),
    open: async () => ({
      samples,
      bitsPerSample: 16,
      widthPx,
      heightPx,
      samplesPerPixel: 1,
      cfa: "RGGB",
      transfer: "linear",
      blackLevel: 64,
      whiteLevel: 4095,
      mount: { rotationDeg: 90, mirrored: arm === "near" },
    }),
  };
}

async function calibrated(stopsMm: readonly number[]): Promise<UsedCalibration<PairCalibration>> {
  const solver = createSolver();
  const pair = await SeenPair.start({ stopsMm, viewsPerStop: 30, seed: 11 });
  try {
    const { body, gates } = await calibratePair(solver, pair.input(0.1, 12));
    const record = createRecord(body, recordContext({ gates }));
    return { record, sha256: createHash("sha256").update(calibrationText(record)).digest("hex") };
  } finally {
    await pair.stop();
    await solver.close();
  }
}

/** An aligned pair as it is before it is kept anywhere. */
export function filesOf({ record, files }: AlignedPair): ComparedFiles {
  return {
    record,
    read: async (name) => {
      const file = files.find((candidate) => candidate.name === name);
      if (file === undefined) throw new Error(`the aligned pair has no ${name}`);
      return Buffer.concat(file.parts);
    },
  };
}
