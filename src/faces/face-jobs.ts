/** What a face worker can do; both jobs open the networks first if they are not open yet. */
import type { Face, FaceImage } from "./face.js";
import type { FaceThresholds } from "./find-faces.js";
import type { ByRole } from "./nets.js";
import type { NetContent } from "./onnx-net.js";

export interface FaceJobs {
  readonly open: { readonly input: { readonly nets: ByRole<NetContent> }; readonly output: null };
  readonly find: {
    readonly input: {
      readonly nets: ByRole<NetContent>;
      readonly image: FaceImage;
      readonly thresholds: FaceThresholds;
    };
    readonly output: Face[];
  };
}
