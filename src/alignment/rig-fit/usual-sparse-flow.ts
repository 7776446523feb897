import type { SparseFlowRequest } from "../../native/sparse-flow.js";

/** 9 mm windows, 3.5 mm apart, in the usual canonical pair: small enough for a nose, large enough for bare skin. */
export const usualSparseFlow = { stepPx: 12, windowPx: 31 } as const satisfies Partial<SparseFlowRequest>;
