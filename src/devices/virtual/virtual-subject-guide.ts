import { requireVirtualFace, virtualPoses } from "../../schema/virtual-faces.js";
import type { SubjectGuide } from "../contract/subject-guide.js";
import type { VirtualRig } from "./virtual-rig.js";

/** Puts the wanted face before the virtual rig. A scene without a subject has nobody to tell. */
export class VirtualSubjectGuide implements SubjectGuide {
  readonly #rig: VirtualRig;

  constructor(rig: VirtualRig) {
    this.#rig = rig;
  }

  /** @throws CallerError PLAN_INVALID for an expression or pose that the virtual heads do not know. */
  async show({ expression, pose }: { readonly expression: string; readonly pose: string }): Promise<void> {
    const { scene } = await this.#rig.request("status", {});
    if (scene?.scene !== "subject") return;
    requireVirtualFace({ expression, pose });
    const { yawDeg, pitchDeg } = virtualPoses[pose] ?? { yawDeg: 0, pitchDeg: 0 };
    const now = scene.subject;
    if (now?.expression === expression && now.yawDeg === yawDeg && now.pitchDeg === pitchDeg) return;
    await this.#rig.request("scene", { subject: { expression, yawDeg, pitchDeg } });
  }
}
