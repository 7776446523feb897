/** Reads the networks' files and makes sure that they are the ones that the list means. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { WorldError } from "../base/errors.js";
import type { FaceNet, FaceNets } from "../schema/face-nets.js";
import type { ByRole } from "./nets.js";
import type { NetContent } from "./onnx-net.js";

const advice =
  "Run `npm run setup` if these are the converted networks; otherwise correct path and sha256 in the list.";

async function readNet({ path, sha256, inputPx }: FaceNet): Promise<NetContent> {
  const file = await readFile(path).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new WorldError("BACKEND_MISSING", `A face network cannot be read: ${why}`, { advice, cause });
  });
  const found = createHash("sha256").update(file).digest("hex");
  if (found !== sha256) {
    const message = `${path} is not the network that was asked for: its sha256 is ${found}, not ${sha256}.`;
    throw new WorldError("FILE_CORRUPT", message, { advice });
  }
  // Shared, because every thread needs it.
  const bytes = new Uint8Array(new SharedArrayBuffer(file.length));
  bytes.set(file);
  return { bytes, inputPx };
}

/** @throws WorldError BACKEND_MISSING when a file cannot be read, FILE_CORRUPT when its sha256 differs. */
export async function readNetContents(nets: FaceNets): Promise<ByRole<NetContent>> {
  const [detector, mesh, iris] = await Promise.all([nets.detector, nets.mesh, nets.iris].map(readNet));
  return { detector, mesh, iris } as ByRole<NetContent>;
}
