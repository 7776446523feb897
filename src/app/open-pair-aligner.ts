import type { PairAligner } from "../alignment/pair-aligner.js";
import { alignByGeometry } from "../alignment/pipeline/align-by-geometry.js";
import { alignByReference } from "../alignment/reference/align-by-reference.js";
import { KnownReferences } from "../alignment/reference/known-references.js";
import { createFaceFinder } from "../faces/face-finder.js";
import { faceNetHashes, readFaceNets } from "../faces/face-nets-file.js";
import { createAligner } from "../native/aligner.js";
import { createVision, type VisionBoard } from "../native/vision.js";

/** Opens all that aligning needs: networks, the aligner's threads, and the board finder. */
export async function openPairAligner(boards: readonly VisionBoard[]): Promise<PairAligner> {
  const nets = await readFaceNets();
  const faceNets = faceNetHashes(nets);
  // The addon first: when it is missing nothing is open yet that would have to be closed.
  const aligner = createAligner();
  const vision = createVision();
  const close = async (): Promise<void> => {
    await Promise.all([aligner.close(), vision.close()]);
  };
  const finder = await createFaceFinder(nets).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const references = new KnownReferences();
  return {
    align: async (input, parameters, signal) => {
      const { geometry } = input;
      if (geometry === null) {
        const tools = { aligner, vision, finder, boards, references, faceNets };
        return alignByReference(input, parameters, tools, signal);
      }
      return alignByGeometry({ ...input, geometry }, parameters, { aligner, finder, faceNets }, signal);
    },
    close: async () => {
      await Promise.all([close(), finder.close()]);
    },
  };
}
