import { z } from "zod";

/** Arrays that truth can hold, each a NumPy file `<name>.npy`; `src/schema/scene-truth.ts` describes them. */
export const truthArray = z.enum([
  "nearDepth",
  "farDepth",
  "canonicalNearDepth",
  "canonicalFarDepth",
  "nearToFar",
  "farToNear",
  "nearVisible",
  "farVisible",
  "canonicalToNear",
  "canonicalToFar",
]);
export type TruthArray = z.infer<typeof truthArray>;
