/** Thread entry of the face finder: the runtime computes in the thread that calls it. */
import { parentPort } from "node:worker_threads";
import type { JobAnswer, JobMessage } from "../imaging/worker-jobs.js";
import type { FaceJobs } from "./face-jobs.js";
import { findFaces } from "./find-faces.js";
import { type ByRole, openNets } from "./nets.js";
import type { OnnxNet } from "./onnx-net.js";

let opened: Promise<ByRole<OnnxNet>> | null = null;

async function perform(
  message: JobMessage<FaceJobs, "open"> | JobMessage<FaceJobs, "find">,
): Promise<unknown> {
  opened ??= openNets(message.input.nets);
  const nets = await opened;
  if (!("image" in message.input)) return null;
  return findFaces(nets, message.input.image, message.input.thresholds);
}

parentPort?.on("message", (message) => {
  perform(message)
    .then((output): JobAnswer => ({ ok: true, output }))
    .catch((error: unknown): JobAnswer => ({ ok: false, error }))
    .then((answer) => parentPort?.postMessage(answer));
});
