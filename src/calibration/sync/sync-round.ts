/** Some shots at one setting of the delays, and what the feedback wires told of each. */
import { arms, type PerArm, perArm } from "../../capture/rig.js";
import type { Arm, TriggerReport } from "../../devices/contract/trigger-board.js";
import type { SyncRound } from "../../schema/calibration-sync.js";
import type { RigShooter, RigShot } from "../rig/shooter.js";
import { spreadOf } from "./spread.js";

type RoundShot = SyncRound["shots"][number];

export interface RoundOptions {
  readonly delayUs: PerArm<number>;
  readonly shots: number;
  readonly signal?: AbortSignal | undefined;
  /** After each shot. */
  readonly onShot?: (shot: RigShot) => Promise<void> | void;
}

const usPerTick = 0.0625;

/** @throws what `RigShooter.shoot` throws. */
export async function shootRound(shooter: RigShooter, options: RoundOptions): Promise<SyncRound> {
  const shots: RoundShot[] = [];
  while (shots.length < options.shots) {
    const shot = await shooter.shoot(options.signal);
    const lagUs = perArm((arm) => (shooter.config[arm].feedback ? lagOf(shot.report, arm) : null));
    shots.push({ shotId: shot.shotId, lagUs, skewUs: shot.skewUs });
    await options.onShot?.(shot);
  }
  return {
    delayUs: { ...options.delayUs },
    lagUs: perArm((arm) => spreadOf(known(shots.map((shot) => shot.lagUs[arm])))),
    skewUs: spreadOf(known(shots.map(({ skewUs }) => skewUs))),
    shots,
  };
}

/** Share of the shots whose exposure the feedback wire of an arm told. */
export function feedbackShare({ shots }: SyncRound, arm: Arm): number {
  return known(shots.map(({ lagUs }) => lagUs[arm])).length / shots.length;
}

/** Every wire told of nearly every shot: fewer would leave a median to chance. */
export function isMeasured(round: SyncRound): boolean {
  return round.skewUs !== null && arms.every((arm) => feedbackShare(round, arm) >= 0.9);
}

/** From trigger edge to exposure start. */
function lagOf({ edgeTick, feedback }: TriggerReport, arm: Arm): number | null {
  const rise = feedback[arm]?.riseTick;
  return rise === undefined ? null : Number(rise - edgeTick[arm]) * usPerTick;
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
