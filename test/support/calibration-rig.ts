/** A small traced rig with all its devices open, as the calibrations get it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openRig } from "../../src/app/open-rig.js";
import { silentLogger } from "../../src/base/log.js";
import { openShooter } from "../../src/calibration/rig/open-shooter.js";
import type { RigShooter } from "../../src/calibration/rig/shooter.js";
import type { OpenedRig } from "../../src/cli/services.js";
import type { Terminal } from "../../src/cli/terminal.js";
import type { TargetGuide } from "../../src/devices/contract/target-guide.js";
import { ControlConnection } from "../../src/devices/virtual/control-connection.js";
import {
  type RigOp,
  type RigRequestFields,
  type RigResult,
  requestOf,
} from "../../src/devices/virtual/rig-requests.js";
import { parseCheckedYaml } from "../../src/schema/checked-yaml.js";
import { type RigConfig, rigConfigSchema } from "../../src/schema/rig-config.js";
import { repository } from "./cli.js";
import { systemClock } from "./system-clock.js";

const nobody: Terminal = {
  print: () => {},
  note: () => {},
  progress: () => {},
  interactive: false,
  ask: () => Promise.reject(new Error("nobody is there")),
  onKey: () => () => {},
  bell: () => {},
};

/** Text of the shipped rig's config with `replacements`, each of which must apply. */
export async function virtualRigText(replacements: readonly (readonly [string, string])[]): Promise<string> {
  let text = await readFile(join(repository, "rig-configs/virtual.yaml"), "utf8");
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`no "${from}" in rig-configs/virtual.yaml`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** A fraction of the shipped rig's pixels each way, seeing the same field. */
export function fewerPixels(factor: number): (readonly [string, string])[] {
  const pitch = 23.4375 * factor;
  return [
    ["{ widthPx: 1280, heightPx: 1024 }", `{ widthPx: ${1280 / factor}, heightPx: ${1024 / factor} }`],
    ["  # optics: {}", `  optics: { near: { pixelPitchUm: ${pitch} }, far: { pixelPitchUm: ${pitch} } } #`],
    ["samplesPerPixel: 2", "samplesPerPixel: 1"],
  ];
}

export interface CalibrationStand {
  readonly config: RigConfig;
  readonly opened: OpenedRig;
  readonly shooter: RigShooter;
  /** A request of the rig's control socket. */
  ask<Op extends RigOp>(op: Op, fields: RigRequestFields<Op>): Promise<RigResult<Op>>;
  stop(): Promise<void>;
}

/**
 * @param text a rig config, as {@link virtualRigText} makes one.
 * @param guideOf who holds the targets; the rig's own guide unless given.
 */
export async function startCalibrationStand(
  text: string,
  guideOf: (opened: OpenedRig) => TargetGuide = ({ targetGuide }) => targetGuide,
): Promise<CalibrationStand> {
  const checked = parseCheckedYaml(text, rigConfigSchema);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const config = checked.value;
  const opened = await openRig({ clock: systemClock, logger: silentLogger, terminal: nobody }, config);
  const { rig, factory } = opened;
  const parts = { rig, factory, config, guide: guideOf(opened), clock: systemClock, logger: silentLogger };
  const shooter = await openShooter(parts).catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
  const stop = async (): Promise<void> => {
    await shooter.end();
    await opened.close();
  };
  const ask = async <Op extends RigOp>(op: Op, fields: RigRequestFields<Op>): Promise<RigResult<Op>> => {
    const control = await ControlConnection.open(opened.virtual?.socket ?? "");
    return requestOf(control, op, fields).finally(() => control.close());
  };
  return { config, opened, shooter, ask, stop };
}
