/** The words of `nearfar rig scene`, each with its unit, and the scene request that they make. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { virtualExpressions } from "../../schema/virtual-faces.js";
import { type VirtualScene, type VirtualSceneNow, virtualSceneKind } from "../../schema/virtual-scene.js";

export interface SceneOptions {
  readonly target?: string;
  readonly at?: readonly number[];
  readonly turn?: readonly number[];
  readonly subject?: { readonly source: "head" | "ict"; readonly identity: number };
  readonly expression?: string;
  readonly yaw?: number;
  readonly pitch?: number;
  readonly roll?: number;
  readonly skinContrast?: number;
  readonly motion?: "none" | "sway" | "linear" | "poses";
  readonly strength?: number;
  readonly velocity?: readonly number[];
  readonly blink?: boolean;
  readonly light?: "studio" | "even";
  readonly continuous?: number;
  readonly strobe?: number;
  readonly veil?: number;
  readonly polarised?: "none" | "s" | "p";
  readonly brightness?: number;
  readonly noise?: boolean;
  readonly samples?: number;
  readonly bump?: readonly number[];
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("must be a number");
  return value;
}

const numbers =
  (count: number) =>
  (text: string): readonly number[] => {
    const values = text.split(",").map(number);
    if (values.length !== count)
      throw new InvalidArgumentError(`must be ${count} numbers with commas between`);
    return values;
  };

/** `head:3`, `ict:0`, or `3` for one of the project's own heads. */
export function subjectOf(text: string): { readonly source: "head" | "ict"; readonly identity: number } {
  const match = /^(?:(head|ict):)?(\d{1,6})$/.exec(text);
  if (match === null) throw new InvalidArgumentError("must be head:N or ict:N, N from 0");
  return { source: match[1] === "ict" ? "ict" : "head", identity: Number(match[2]) };
}

export function addSceneOptions(command: Command): Command {
  return command
    .option("--target <id>", "target to show: `nearfar targets list`, led-counter or point-light")
    .option("--at <x,y,z>", "the target's place in the rig frame, mm", numbers(3))
    .option("--turn <x,y,z>", "the target's rotation vector, degrees", numbers(3))
    .option("--subject <who>", "head:N or ict:N, N the identity", subjectOf)
    .addOption(new Option("--expression <name>", "of the subject").choices(virtualExpressions))
    .option("--yaw <degrees>", "turn of the head, to the left of the picture", number)
    .option("--pitch <degrees>", "nod of the head, down", number)
    .option("--roll <degrees>", "tilt of the head, clockwise", number)
    .option("--skin-contrast <share>", "fine texture of the skin, rms over its mean, 0 to 0.3", number)
    .addOption(
      new Option("--motion <kind>", "of what is shown; poses: one head pose after another").choices([
        "none",
        "sway",
        "linear",
        "poses",
      ]),
    )
    .option("--strength <factor>", "of sway (1: about 3 mm, 8 mm/s) and poses (1: yaw up to 20°)", number)
    .option("--velocity <x,y,z>", "of linear motion, mm/s", numbers(3))
    .option("--blink", "the subject blinks")
    .option("--no-blink", "the subject does not")
    .addOption(
      new Option("--light <kind>", "studio lamps, or even light without shadows").choices(["studio", "even"]),
    )
    .option("--continuous <level>", "light that burns; 1 exposes a white well in 5000 µs", number)
    .option("--strobe <level>", "light of the strobe's pulse; 1 is as much", number)
    .option("--veil <share>", "light where the black trap should be, of a white's", number)
    .addOption(
      new Option("--polarised <way>", "the light: s swings vertically, p horizontally").choices([
        "none",
        "s",
        "p",
      ]),
    )
    .option("--brightness <factor>", "of all light", number)
    .option("--noise", "shot and read noise")
    .option("--no-noise", "mean signal only")
    .option("--samples <number>", "primary rays of a pixel", number)
    .option("--bump <x,y>", "turn of the plate since calibration, degrees about x and y", numbers(2));
}

type Vector = [number, number, number];

/** Members that were not given are absent. */
function given<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const orAbsent = <T extends object>(members: T): T | undefined =>
  Object.keys(members).length === 0 ? undefined : members;

/**
 * @param kind first word of the command; without it a target or a subject that is named is shown.
 * @param pose of the target as it is; what is not named stays.
 */
export function sceneOf(
  kind: string | undefined,
  options: SceneOptions,
  pose: VirtualSceneNow["targetPose"],
): VirtualScene {
  const implied =
    options.target !== undefined ? "target" : options.subject !== undefined ? "subject" : undefined;
  const scene = kind === undefined ? implied : virtualSceneKind.parse(kind);
  const targetPose =
    options.at === undefined && options.turn === undefined
      ? undefined
      : {
          translationMm: (options.at as Vector | undefined) ?? pose.translationMm,
          rotationDeg: (options.turn as Vector | undefined) ?? pose.rotationDeg,
        };
  return given({
    scene,
    target: options.target,
    targetPose,
    subject: orAbsent(
      given({
        ...options.subject,
        expression: options.expression,
        yawDeg: options.yaw,
        pitchDeg: options.pitch,
        rollDeg: options.roll,
        skinContrast: options.skinContrast,
      }),
    ),
    motion: orAbsent(
      given({
        kind: options.motion,
        strength: options.strength,
        velocityMmS: options.velocity as Vector | undefined,
        blink: options.blink,
      }),
    ),
    light: orAbsent(
      given({
        kind: options.light,
        continuous: options.continuous,
        strobe: options.strobe,
        veil: options.veil,
        polarisation: options.polarised,
      }),
    ),
    brightness: options.brightness,
    noise: options.noise,
    samplesPerPixel: options.samples,
    plateBumpDeg: options.bump as [number, number] | undefined,
  }) as VirtualScene;
}
