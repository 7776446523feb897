import { z } from "zod";
import type { CameraSerials } from "../../dataset/dataset.js";
import type { ArmName, FrameRecord, SessionRecord } from "../../schema/records.js";

export type Frames = Readonly<Record<ArmName, FrameRecord>>;

const configured = z.object({
  near: z.object({ serial: z.string() }),
  far: z.object({ serial: z.string() }),
});

/** As the session's rig config has them, which calibrations go by: those of a virtual rig's cameras differ from run to run. */
export function serialsOf({ rigConfig }: Pick<SessionRecord, "rigConfig">, frames: Frames): CameraSerials {
  const { near, far } = configured.safeParse(rigConfig).data ?? {};
  return { near: near?.serial ?? frames.near.cameraSerial, far: far?.serial ?? frames.far.cameraSerial };
}
