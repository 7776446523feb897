/** The process of a virtual rig, with what its config sets up. */
import { CallerError } from "../base/errors.js";
import type { RunningVirtualRig } from "../cli/services.js";
import { VirtualControl } from "../devices/virtual/virtual-control.js";
import { VirtualRig } from "../devices/virtual/virtual-rig.js";
import type { VirtualMount, VirtualSight } from "../devices/virtual/virtual-sight.js";
import type { CameraConfig, RigConfig } from "../schema/rig-config.js";
import { virtualSerials } from "./virtual-serials.js";

type VirtualConfig = NonNullable<RigConfig["virtual"]>;

/** Light that the config's cameras can use: a strobe that they fire, or else lamps that burn. */
function lightOf(config: RigConfig): { readonly continuous: number; readonly strobe: number } {
  // The modelling light of a strobe head is some percent of its flash.
  return config.trigger.strobe.enabled ? { continuous: 0.05, strobe: 0.95 } : { continuous: 1, strobe: 0 };
}

function mountOf({ mount, rowTimeUs, curtainDirection }: CameraConfig): VirtualMount {
  return { ...mount, rowTimeUs, curtainDirection };
}

function sightOf(config: RigConfig, virtual: VirtualConfig): VirtualSight {
  const { optics, scene, ictFaceKit } = virtual;
  return {
    optics,
    mounts: { near: mountOf(config.near), far: mountOf(config.far) },
    ictFaceKit: ictFaceKit ?? null,
    scene: { ...scene, light: { ...lightOf(config), ...scene.light } },
  };
}

/** Starts the virtual rig that a config describes. */
export function startVirtualRig(config: RigConfig, virtual: VirtualConfig): Promise<VirtualRig> {
  const { seed, sensor, shutterLagUs, shutterLagJitterUs } = virtual;
  const { pixelFormat, bitDepth, blackLevel } = config.near;
  return VirtualRig.start({
    ...{ seed, sensor, shutterLagUs, shutterLagJitterUs, pixelFormat, bitDepth, blackLevel },
    serial: virtualSerials(config),
    sight: sightOf(config, virtual),
  });
}

/** A second connection to a rig that has just started; the rig is stopped when there is none. */
export async function controlOf(rig: VirtualRig): Promise<VirtualControl> {
  try {
    return await VirtualControl.open(rig.ready.controlSocket);
  } catch (error) {
    await rig.stop();
    throw error;
  }
}

/** A virtual rig on its own, with its control. */
export async function runVirtualRig(config: RigConfig): Promise<RunningVirtualRig> {
  if (config.virtual === undefined) {
    throw new CallerError("CONFIG_INVALID", `${config.name} is the config of a real rig`, {
      advice: "Take one with `virtual`, such as rig-configs/virtual.yaml.",
    });
  }
  const rig = await startVirtualRig(config, config.virtual);
  const control = await controlOf(rig);
  return {
    socket: control.socket,
    tty: rig.tty,
    cameras: rig.ready.cameras,
    ended: rig.exited,
    scene: () => control.scene(),
    setScene: (scene) => control.setScene(scene),
    setFaults: (faults) => control.setFaults(faults),
    moveTo: (distanceMm) => control.moveTo(distanceMm),
    renderSignal: (arm) => control.renderSignal(arm),
    sceneTruth: () => control.sceneTruth(),
    saveSceneTruth: (folder, arrays) => control.saveSceneTruth(folder, arrays),
    saveTruth: (shot, folder, arrays) => control.saveTruth(shot, folder, arrays),
    close: async () => {
      await control.close();
      await rig.stop();
    },
  };
}
