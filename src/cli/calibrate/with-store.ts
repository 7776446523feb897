import type { Dataset } from "../../dataset/dataset.js";
import type { Services } from "../services.js";

/** Opens a store for reading, for one task. */
export async function withDataset<T>(
  services: Services,
  store: string,
  task: (dataset: Dataset) => Promise<T>,
): Promise<T> {
  const dataset = await services.openDataset(store, "read-only");
  try {
    return await task(dataset);
  } finally {
    await dataset.close();
  }
}

/** The same if a store is named at all. */
export async function withStore<T>(
  services: Services,
  store: string | undefined,
  task: (dataset: Dataset | null) => Promise<T>,
): Promise<T> {
  return store === undefined ? task(null) : withDataset(services, store, task);
}
