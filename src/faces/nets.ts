/** The three networks together. */
import { type NetContent, type NetOutputs, OnnxNet } from "./onnx-net.js";

/** One thing for each network. */
export type ByRole<T> = { readonly [Role in "detector" | "mesh" | "iris"]: T };

/** What the networks must give; `src/schema/face-nets.ts` tells what the values mean. */
const outputsByRole: ByRole<NetOutputs> = {
  detector: { scores16: 512, boxes16: 16 * 512, scores8: 384, boxes8: 16 * 384 },
  mesh: { points: 3 * 468, presence: 1 },
  iris: { points: 3 * 76 },
};

async function openNet(contents: ByRole<NetContent>, role: keyof ByRole<unknown>): Promise<OnnxNet> {
  try {
    return await OnnxNet.open(contents[role], outputsByRole[role]);
  } catch (cause) {
    throw new Error(`${role}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** @throws Error naming the role whose network cannot be used. */
export async function openNets(contents: ByRole<NetContent>): Promise<ByRole<OnnxNet>> {
  return {
    detector: await openNet(contents, "detector"),
    mesh: await openNet(contents, "mesh"),
    iris: await openNet(contents, "iris"),
  };
}
