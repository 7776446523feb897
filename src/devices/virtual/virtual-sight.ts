/** The optics file of the rig process: what its cameras see, and through what. */
import { rm, writeFile } from "node:fs/promises";
import type { VirtualOptics } from "../../schema/virtual-optics.js";
import type { VirtualScene } from "../../schema/virtual-scene.js";
import type { Arm } from "../contract/trigger-board.js";

/** How a camera is screwed on and reads out; the members of the rig config's camera. */
export interface VirtualMount {
  readonly rotationDeg: number;
  readonly mirrored: boolean;
  readonly rowTimeUs: number;
  readonly curtainDirection: "down" | "up";
}

export interface VirtualSight {
  readonly optics: VirtualOptics;
  readonly mounts: Readonly<Record<Arm, VirtualMount>>;
  /** Folder of an ICT-FaceKit, or null. */
  readonly ictFaceKit: string | null;
  /** What stands before the rig at first. */
  readonly scene: VirtualScene;
}

/** A sight as a file that the process reads at its start. */
export class SightFile {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @param targetsFolder where the target definitions lie. */
  static async write(path: string, sight: VirtualSight, targetsFolder: string): Promise<SightFile> {
    const { optics, mounts, ictFaceKit, scene } = sight;
    const lens = (arm: Arm) => {
      const { rotationDeg, ...rest } = mounts[arm];
      return { ...optics[arm], mountRotationDeg: rotationDeg, ...rest };
    };
    const setup = {
      optics: { ...optics, near: lens("near"), far: lens("far") },
      folders: { targets: targetsFolder, ictFaceKit: ictFaceKit ?? "" },
      scene,
    };
    await writeFile(path, JSON.stringify(setup));
    return new SightFile(path);
  }

  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }
}
