/** Keeps a virtual rig's truth about every shot beside the store's pairs. */
import type { RunListener } from "../../capture/run-events.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { TruthArray } from "../../schema/truth-array.js";
import type { VirtualControl } from "../services.js";

export interface TruthKeeper {
  readonly listener: RunListener;
  /** When all truth asked for so far is written. @throws the first error of writing it. */
  settled(): Promise<void>;
}

/** One shot after the other, so that arrays of many shots do not pile up in the rig. */
export function truthKeeper(
  virtual: VirtualControl,
  dataset: Dataset,
  arrays: readonly TruthArray[],
): TruthKeeper {
  let work = Promise.resolve();
  return {
    listener: (event) => {
      if (event.kind !== "shot" || event.shot.bootId === null) return;
      const { bootId, shotId } = event.shot;
      work = work.then(async () => {
        await virtual.saveTruth({ bootId, shotId }, dataset.truthFolder(shotId), arrays);
      });
      // Told by settled(); until then nobody listens.
      work.catch(() => {});
    },
    settled: () => work,
  };
}
