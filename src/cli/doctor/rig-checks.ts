import { sleep } from "../../base/abort.js";
import type { Camera, CameraSettings } from "../../devices/contract/camera.js";
import type { Arm, TriggerBoard } from "../../devices/contract/trigger-board.js";
import type { RigConfig } from "../../schema/rig-config.js";
import type { OpenedRig, Services } from "../services.js";
import { attempt, type CheckResult, failed, pass, warn } from "./check.js";

/** A residual above this means a bad link or a busy host: pairing still works, times are coarse. */
const clockResidualLimitUs = 1000;
/** Pings (two a second) before the fit is judged: fewer say little about drift. */
const clockSamples = 10;
const clockWaitMs = 6000;

/** Every check that needs the devices; one failed opening is one failed check. */
export async function checkRig(services: Services, rig: RigConfig): Promise<CheckResult[]> {
  let opened: OpenedRig;
  try {
    opened = await services.openRig(rig);
  } catch (error) {
    return [failed("devices", error)];
  }
  try {
    return [
      checkBoard(opened.rig.board),
      await checkClock(opened.rig.board),
      await checkCamera("near", opened.rig.near, rig),
      await checkCamera("far", opened.rig.far, rig),
      checkAlike(opened.rig.near, opened.rig.far),
    ];
  } finally {
    await opened.close();
  }
}

function checkBoard(board: TriggerBoard): CheckResult {
  const { boardId, firmwareVersion, protocolVersion, bootId, path } = board.identity;
  return pass(
    "trigger board",
    `${boardId} on ${path}, firmware ${firmwareVersion}, protocol ${protocolVersion}, boot ${bootId}`,
  );
}

function checkClock(board: TriggerBoard): Promise<CheckResult> {
  return attempt("board clock", async () => {
    const samples = (): number => board.clockFit?.sampleCount ?? 0;
    for (let waitedMs = 0; samples() < clockSamples && waitedMs < clockWaitMs; waitedMs += 100)
      await sleep(100);
    const fit = board.clockFit;
    if (fit === null) {
      return warn("board clock", "no fit yet", "The link answers too slowly; use a direct USB port.");
    }
    const drift = ((fit.nsPerTick / 62.5 - 1) * 1e6).toFixed(1);
    const message = `residual ${fit.residualUs.toFixed(0)} µs over ${fit.sampleCount} pings, drift ${drift} ppm`;
    return fit.residualUs <= clockResidualLimitUs
      ? pass("board clock", message)
      : warn("board clock", message, "Close other programs, or use a direct USB port instead of a hub.");
  });
}

/** The camera settings that the rig config asks for. */
function settingsOf(rig: RigConfig, arm: Arm): CameraSettings {
  const { pixelFormat, exposureUs, gainDb, region, triggerLine } = rig[arm];
  return { pixelFormat, exposureUs, gainDb, region, triggerLine };
}

function checkCamera(arm: Arm, camera: Camera, rig: RigConfig): Promise<CheckResult> {
  const name = `${arm} camera`;
  return attempt(name, async () => {
    const wanted = settingsOf(rig, arm);
    const held = await camera.configure(wanted);
    const { vendor, model, serial } = camera.identity;
    const message = `${vendor} ${model} ${serial}: ${held.pixelFormat}, ${held.exposureUs} µs, ${held.gainDb} dB`;
    // Cameras round to their own steps; one part in a hundred cannot be seen in a picture.
    const off = Math.abs(held.exposureUs - wanted.exposureUs) > wanted.exposureUs / 100;
    return off
      ? warn(
          name,
          `${message} (asked ${wanted.exposureUs} µs)`,
          "Choose an exposure that the camera can hold.",
        )
      : pass(name, message);
  });
}

function checkAlike(near: Camera, far: Camera): CheckResult {
  const [a, b] = [near.identity, far.identity];
  if (a.model !== b.model) {
    return warn(
      "same model",
      `${a.model} and ${b.model} differ`,
      "Different models have different lags: calibrate sync.",
    );
  }
  if (a.firmware !== b.firmware) {
    return warn(
      "same model",
      `camera firmware ${a.firmware} and ${b.firmware} differ`,
      "Update the older one.",
    );
  }
  return pass("same model", `${a.vendor} ${a.model} twice`);
}
