/** Keeps a virtual rig's truth about every shot beside the store's pairs. */
import { NearfarError } from "../../base/errors.js";
import type { RunListener } from "../../capture/run-events.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { TruthArray } from "../../schema/truth-array.js";
import type { ShotName, VirtualControl } from "../services.js";

export interface TruthKeeper {
  readonly listener: RunListener;
  /** When all truth asked for so far is written or known to be lost. */
  settled(): Promise<void>;
}

/**
 * One shot after the other, so that arrays of many shots do not pile up in the rig. The pairs are what
 * counts: a truth that cannot be kept is told to `onLost` and the next one tried.
 */
export function truthKeeper(
  virtual: VirtualControl,
  dataset: Dataset,
  arrays: readonly TruthArray[],
  onLost: (shotId: number, reason: string) => void,
): TruthKeeper {
  let work = Promise.resolve();
  const keep = async (shot: ShotName): Promise<void> => {
    try {
      const known = await virtual.saveTruth(shot, dataset.truthFolder(shot.shotId), arrays);
      if (!known) onLost(shot.shotId, "the rig does not know this shot");
    } catch (error) {
      if (!(error instanceof NearfarError)) throw error;
      onLost(shot.shotId, error.message);
    }
  };
  return {
    listener: (event) => {
      if (event.kind !== "shot" || event.shot.bootId === null) return;
      const { bootId, shotId } = event.shot;
      work = work.then(() => keep({ bootId, shotId }));
      // Told by settled(); until then nobody listens.
      work.catch(() => {});
    },
    settled: () => work,
  };
}
