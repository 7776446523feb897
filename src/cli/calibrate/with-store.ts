import type { Dataset } from "../../dataset/dataset.js";
import type { Services } from "../services.js";

/** Opens a store for reading, if one is named, for one task. */
export async function withStore<T>(
  services: Services,
  store: string | undefined,
  task: (dataset: Dataset | null) => Promise<T>,
): Promise<T> {
  if (store === undefined) return task(null);
  const dataset = await services.openDataset(store, "read-only");
  try {
    return await task(dataset);
  } finally {
    await dataset.close();
  }
}
