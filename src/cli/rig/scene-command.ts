import { type Command, InvalidArgumentError } from "commander";
import { CallerError } from "../../base/errors.js";
import { type VirtualRigFaults, virtualRigFaults } from "../../schema/virtual-rig.js";
import { type VirtualSceneNow, virtualSceneKind } from "../../schema/virtual-scene.js";
import type { Services } from "../services.js";
import { addSceneOptions, number, type SceneOptions, sceneOf } from "./scene-options.js";

interface SceneCommandOptions extends SceneOptions {
  readonly socket?: string;
  readonly distance?: number;
  readonly faults?: VirtualRigFaults;
  readonly json?: boolean;
}

function faultsOf(text: string): VirtualRigFaults {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('must be JSON, e.g. {"near":{"packetLoss":0.01}}');
  }
  const faults = virtualRigFaults.safeParse(given);
  if (faults.success) return faults.data;
  const [issue] = faults.error.issues;
  throw new InvalidArgumentError(`${["faults", ...(issue?.path ?? [])].join(".")}: ${issue?.message}`);
}

function kindOf(text: string): string {
  if (virtualSceneKind.safeParse(text).success) return text;
  throw new InvalidArgumentError(`must be one of ${virtualSceneKind.options.join(", ")}`);
}

/** What is shown, in words. */
export function describeScene(scene: VirtualSceneNow): string {
  const { source, identity, expression, yawDeg, pitchDeg, rollDeg } = scene.subject;
  const turned = yawDeg || pitchDeg || rollDeg ? `, turned ${yawDeg}/${pitchDeg}/${rollDeg}°` : "";
  const shown = {
    plane: "the plane",
    flat: "a flat field",
    dark: "the dark",
    target: scene.target,
    subject: `${source}:${identity}, ${expression}${turned}`,
  }[scene.scene];
  const moving = scene.motion.kind === "none" ? "" : `, ${scene.motion.kind} motion`;
  const { kind, continuous, strobe } = scene.light;
  return `${shown}${moving} at ${scene.distanceMm} mm; ${kind} light, continuous ${continuous}, strobe ${strobe}`;
}

async function setScene(
  services: Services,
  kind: string | undefined,
  options: SceneCommandOptions,
): Promise<void> {
  requireOnRail(options.distance);
  const control = await services.connectVirtualRig(options.socket);
  try {
    const wanted = sceneOf(kind, options, (await control.scene()).targetPose);
    const changes = Object.keys(wanted).length > 0;
    if (changes) await control.setScene(wanted);
    if (options.distance !== undefined) await control.moveTo(options.distance);
    if (options.faults !== undefined) await control.setFaults(options.faults);
    const scene = await control.scene();
    const { socket } = control;
    services.terminal.print(
      options.json ? JSON.stringify({ type: "scene", socket, ...scene }) : describeScene(scene),
    );
  } finally {
    await control.close();
  }
}

/** Checked before anything is changed, so that a call is refused whole. */
function requireOnRail(distanceMm: number | undefined): void {
  if (distanceMm === undefined || (distanceMm >= 230 && distanceMm <= 1370)) return;
  throw new CallerError("SCENE_INVALID", `the rail does not reach ${distanceMm} mm`, {
    advice: "Give a distance from 230 to 1370 mm.",
  });
}

/** Two ways to say what to show must not contradict each other. */
function requireOneKind(kind: string | undefined, options: SceneOptions): void {
  if (options.target !== undefined && kind !== undefined && kind !== "target") contradict(kind, "--target");
  if (options.subject !== undefined && kind !== undefined && kind !== "subject")
    contradict(kind, "--subject");
  if (options.target !== undefined && options.subject !== undefined) contradict("--target", "--subject");
}

function contradict(one: string, other: string): never {
  throw new CallerError("USAGE", `${one} and ${other} ask for different scenes`, {
    advice: "Give one of them.",
  });
}

export function addSceneCommand(rig: Command, services: Services): void {
  const command = rig
    .command("scene")
    .description("Set what a running virtual rig sees, and say what that is. What is not named stays.")
    .argument("[kind]", `${virtualSceneKind.options.join(", ")}`, kindOf);
  addSceneOptions(command)
    .option("--distance <mm>", "near entrance pupil to eye plane, 230 to 1370", number)
    .option("--faults <json>", 'e.g. {"near":{"packetLoss":0.01}}: see src/schema/virtual-rig.ts', faultsOf)
    .option("--socket <path>", "control socket of the rig, when several run")
    .option("--json", "print the whole scene as a JSON line")
    .action((kind: string | undefined, options: SceneCommandOptions) => {
      requireOneKind(kind, options);
      return setScene(services, kind, options);
    });
}
