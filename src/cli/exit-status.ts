import { exitStatusOfKind, NearfarError } from "../base/errors.js";

/** The statuses beyond those of error kinds. */
export const exitStatus = { ok: 0, defect: 1 } as const;

export function exitStatusOf(error: unknown): number {
  return error instanceof NearfarError ? error.exitStatus : exitStatus.defect;
}

/** The page of `nearfar --help` that documents them. */
export const exitStatusHelp = [
  "Exit status:",
  "  0    success",
  "  1    a defect of nearfar itself",
  `  ${exitStatusOfKind.usage}    wrong option, config or plan: the caller's mistake`,
  `  ${exitStatusOfKind.device}    a camera, the trigger board or the virtual rig failed`,
  `  ${exitStatusOfKind.store}    the store could not be read or written`,
  `  ${exitStatusOfKind.data}    data are missing, damaged or incomplete (audit; a plan with shots left)`,
  `  ${exitStatusOfKind.environment}    an SDK or tool is not installed`,
  `  ${exitStatusOfKind.interrupted}  ended by the user (Ctrl-C); everything captured is safe`,
].join("\n");
