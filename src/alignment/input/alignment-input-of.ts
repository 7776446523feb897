import { type AlignmentInput, alignmentInputSchema, alignmentVersion } from "../../schema/alignment.js";
import type { AlignmentParameters, PairInput } from "../pair-input.js";

/**
 * All that the result of an alignment depends on: equal inputs, equal bytes.
 * @param faceNets sha256 of each face network, in the order of roles: detector, mesh, iris.
 */
export function alignmentInputOf(
  { near, far, distanceMm, skewUs, geometry, color, reference }: PairInput,
  parameters: AlignmentParameters,
  faceNets: readonly string[],
): AlignmentInput {
  return alignmentInputSchema.parse({
    version: alignmentVersion,
    near: { sha256: near.sha256 },
    far: { sha256: far.sha256 },
    distanceMm,
    skewUs,
    pair: geometry && { calibrationId: geometry.record.calibrationId, sha256: geometry.sha256 },
    color: color && { calibrationId: color.record.calibrationId, sha256: color.sha256 },
    reference: reference && { near: reference.near.sha256, far: reference.far.sha256 },
    parameters,
    faceNets,
  });
}
