import type { VirtualScene, VirtualSceneNow } from "../../schema/virtual-scene.js";
import type { TargetGuide, TargetRequest } from "../contract/target-guide.js";

/** The part of a virtual rig's control that sets what its cameras see. */
interface SceneControl {
  scene(): Promise<VirtualSceneNow>;
  setScene(scene: VirtualScene): Promise<void>;
}

/** Far below both views: the cameras see what is behind a target that is not there. */
const outOfSight = { translationMm: [0, 3000, 1600], rotationDeg: [0, 0, 0] } as const;

/** Exposes as well as the strobe does. */
const steadyLight = { continuous: 1, strobe: 0 } as const;

/** A light of a pixel or two would be mostly sampling noise, its ghost, which gets a quarter of the rays, even more so. */
const pointLightSamples = 8;

/** Puts targets before a virtual rig, and at the end what was there before. */
export class VirtualTargetGuide implements TargetGuide {
  readonly automatic = true;
  readonly #control: SceneControl;
  #before: VirtualScene | null = null;

  constructor(control: SceneControl) {
    this.#control = control;
  }

  /** @throws CallerError SCENE_INVALID for a target that the rig does not know. */
  async show(request: TargetRequest, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#before === null) {
      const { distanceMm: _, ...scene } = await this.#control.scene();
      this.#before = scene;
    }
    const light = request.light === "steady" ? steadyLight : this.#before.light;
    const polarisation = request.polarised ?? "none";
    const samples = isPointLight(request) ? { samplesPerPixel: pointLightSamples } : samplesOf(this.#before);
    await this.#control.setScene({ ...sceneOf(request), ...samples, light: { ...light, polarisation } });
  }

  async release(): Promise<void> {
    const before = this.#before;
    this.#before = null;
    if (before !== null) await this.#control.setScene(before);
  }
}

function isPointLight({ show }: TargetRequest): boolean {
  return typeof show === "object" && show.target === "point-light";
}

function samplesOf({ samplesPerPixel }: VirtualScene): Pick<VirtualScene, "samplesPerPixel"> {
  return samplesPerPixel === undefined ? {} : { samplesPerPixel };
}

function sceneOf({ show, pose }: TargetRequest): VirtualScene {
  if (show === "flat" || show === "dark") return { scene: show };
  const still = { scene: "target", motion: { kind: "none" } } as const;
  // Behind the point light there is velvet, behind boards a grey wall.
  if (show === "nothing") return { ...still, target: "point-light", targetPose: copied(outOfSight) };
  return {
    ...still,
    target: show.target,
    ...(pose === undefined ? {} : { targetPose: copied(pose) }),
  };
}

function copied({ translationMm: [x, y, z], rotationDeg: [a, b, c] }: NonNullable<TargetRequest["pose"]>) {
  return {
    translationMm: [x, y, z] as [number, number, number],
    rotationDeg: [a, b, c] as [number, number, number],
  };
}
