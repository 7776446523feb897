/** A camera to test with, and the board that triggers it: the virtual rig's, or real ones. */
import type { Camera, CameraFrame, CameraSettings } from "../../src/devices/contract/camera.js";
import type { TriggerBoard } from "../../src/devices/contract/trigger-board.js";
import { openTriggerBoard } from "../../src/devices/trigger/open-board.js";
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";
import type { VirtualRigFaults } from "../../src/schema/virtual-rig.js";
import { systemClock } from "./system-clock.js";

export interface CameraStand {
  readonly serial: string;
  /** Settings that the camera can hold exactly. */
  readonly settings: CameraSettings;
  /** One rising edge on the camera's trigger line. */
  fire(): Promise<void>;
  /** Faults of the near camera; only on the virtual rig. */
  setFaults(faults: NonNullable<VirtualRigFaults["near"]>): Promise<void>;
  stop(): Promise<void>;
}

/** A virtual rig of its own, with serials that no other rig on this machine has. */
export async function startVirtualStand(sensor: { widthPx: number; heightPx: number }): Promise<CameraStand> {
  const serial = { near: `N${process.pid}`, far: `F${process.pid}` };
  const rig = await VirtualRig.start({ serial, sensor, pixelFormat: "Mono16" });
  const trigger = await openTrigger(rig.tty);
  return {
    serial: serial.near,
    settings: { pixelFormat: "Mono16", exposureUs: 5000, gainDb: 3, region: null, triggerLine: "Line0" },
    fire: trigger.fire,
    async setFaults(near) {
      await rig.request("faults", { faults: { near } });
    },
    async stop() {
      await trigger.close();
      await rig.stop();
    },
  };
}

/** A real camera and a real board. */
export async function openRealStand(serial: string, boardPath: string): Promise<CameraStand> {
  const trigger = await openTrigger(boardPath);
  return {
    serial,
    settings: { pixelFormat: "Mono8", exposureUs: 5000, gainDb: 0, region: null, triggerLine: "Line0" },
    fire: trigger.fire,
    setFaults: () => Promise.reject(new Error("a real camera has no fault settings")),
    stop: trigger.close,
  };
}

/** A board that only fires: no delays, no feedback. */
export async function openTrigger(path: string): Promise<{ fire(): Promise<void>; close(): Promise<void> }> {
  const board: TriggerBoard = await openTriggerBoard({ path, clock: systemClock });
  await board.configure({
    delayUs: { near: 0, far: 0 },
    pulseUs: 1000,
    focusLeadMs: 0,
    feedbackTimeoutMs: 1,
    feedback: { near: false, far: false },
    strobe: false,
    strobeUs: 500,
  });
  let shotId = 0;
  return {
    async fire() {
      shotId += 1;
      await board.arm(shotId, 1);
      const result = await board.fire(shotId);
      if (result.kind !== "fired") throw new Error(`the board did not fire: ${result.reason}`);
    },
    close: () => board.close(),
  };
}

/** Fires once and waits for the frame; fails when none comes within 5 s. */
export async function fireAndReceive(
  stand: CameraStand,
  frames: AsyncIterator<CameraFrame>,
): Promise<CameraFrame> {
  await stand.fire();
  return nextFrame(frames);
}

/** The next frame; fails when none comes within 5 s or the iterator ends. */
export async function nextFrame(frames: AsyncIterator<CameraFrame>): Promise<CameraFrame> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no frame within 5 s")), 5000);
  });
  try {
    const result = await Promise.race([frames.next(), timeout]);
    if (result.done === true) throw new Error("the iterator ended");
    return result.value;
  } finally {
    clearTimeout(timer);
  }
}

/** Configures and arms. */
export async function armed(camera: Camera, settings: CameraSettings): Promise<Camera> {
  await camera.configure(settings);
  await camera.arm();
  return camera;
}
