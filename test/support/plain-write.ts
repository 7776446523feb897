import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";

/** The least that makes bytes durable: write them to a new file and fsync it. */
export async function writePlain(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const handle = await open(path, "wx");
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes `count` pairs of `frame` one file after the other. @returns the ms that each pair took */
export async function timePlainPairs(folder: string, frame: Uint8Array, count: number): Promise<number[]> {
  await mkdir(folder, { recursive: true });
  const timesMs: number[] = [];
  for (let pair = 0; pair < count; pair++) {
    const startMs = performance.now();
    await writePlain(join(folder, `${pair}-near`), [frame]);
    await writePlain(join(folder, `${pair}-far`), [frame]);
    timesMs.push(performance.now() - startMs);
  }
  await rm(folder, { recursive: true });
  return timesMs;
}
