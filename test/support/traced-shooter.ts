/** A rig shooter on a traced virtual rig: frames at once, without board, wires and cameras. */

import type { RigShooter, RigShot, ShotFrame } from "../../src/calibration/rig/shooter.js";
import { loadRigConfig } from "../../src/capture/load-config.js";
import type { PerArm } from "../../src/capture/rig.js";
import type { Arm } from "../../src/devices/contract/trigger-board.js";
import { VirtualTargetGuide } from "../../src/devices/virtual/virtual-target-guide.js";
import { decodeFrame } from "../../src/imaging/decode.js";
import type { LinearImage } from "../../src/imaging/raw-frame.js";
import type { VirtualSceneNow } from "../../src/schema/virtual-scene.js";
import { repository } from "./cli.js";
import type { TracedRig } from "./traced-rig.js";

type TracedShooter = Pick<RigShooter, "config" | "guide" | "shoot" | "moveTo" | "setExposure" | "end">;

/** Of a rig with mono cameras. */
export async function tracedShooter(traced: TracedRig): Promise<RigShooter> {
  const config = await loadRigConfig(`${repository}/rig-configs/virtual.yaml`);
  const exposureUs: Record<Arm, number> = { near: config.near.exposureUs, far: config.far.exposureUs };
  const guide = new VirtualTargetGuide({
    scene: async () => (await traced.rig.request("status", {})).scene as VirtualSceneNow,
    setScene: (scene) => traced.scene(scene),
  });
  const frame = (arm: Arm): Pick<ShotFrame, "image"> => ({
    image: async (): Promise<LinearImage> => {
      const { widthPx, heightPx, data } = await traced.raw(arm, exposureUs[arm]);
      const { bitDepth, blackLevel, whiteLevel, mount } = config[arm];
      const meaning = { pixelFormat: "Mono12", bitDepth, blackLevel, whiteLevel, mount } as const;
      return decodeFrame({ samples: data as Uint16Array, widthPx, heightPx, ...meaning });
    },
  });
  const shooter: TracedShooter = {
    config,
    guide,
    shoot: async (signal) => {
      signal?.throwIfAborted();
      return { near: frame("near"), far: frame("far") } satisfies PerArm<Pick<ShotFrame, "image">> as RigShot;
    },
    moveTo: (distanceMm) => traced.scene({}, distanceMm),
    setExposure: async (arm, us) => {
      exposureUs[arm] = us;
      return us;
    },
    end: () => guide.release(),
  };
  return shooter as RigShooter;
}
