import { NearfarError } from "../../../base/errors.js";

/** What a solve gives, or null when the observations do not determine it. */
export async function unlessUndetermined<T>(solving: Promise<T>): Promise<T | null> {
  try {
    return await solving;
  } catch (error) {
    if (error instanceof NearfarError && error.code === "CALIBRATION_FAILED") return null;
    throw error;
  }
}
