import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ArmName, ShotRecord } from "../../src/schema/records.js";
import { previewUrl } from "./api.js";

/** The preview of one arm, or words where there is no frame or no preview. */
export function FramePicture({ shot, arm }: { shot: ShotRecord; arm: ArmName }): VNode {
  const [failed, setFailed] = useState(false);
  const frame = shot.frames.find((candidate) => candidate.arm === arm);
  if (frame === undefined) return <div class="absent">no {arm} frame</div>;
  if (failed) return <div class="absent">{arm}: no preview</div>;
  return (
    <img
      src={previewUrl(shot.shotId, arm)}
      alt={`${arm} view of shot ${shot.shotId}`}
      title={arm}
      loading="lazy"
      onError={() => setFailed(true)}
    />
  );
}
