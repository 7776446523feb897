/** Says why the sync handshake failed and what to look at. */
import { WorldError } from "../base/errors.js";
import type { Arm, FireResult } from "../devices/contract/trigger-board.js";

export type SyncTrouble =
  | { readonly kind: "silent" | "free-running" | "unsteady"; readonly arm: Arm }
  | { readonly kind: "not-fired"; readonly reason: string };

export function syncError(trouble: SyncTrouble, fired: readonly { readonly fire: FireResult }[]): WorldError {
  const tries = `${fired.length} dry triggers`;
  switch (trouble.kind) {
    case "not-fired":
      return failed(`the board did not fire (${trouble.reason})`, "Check the board's link and power.");
    case "free-running":
      return failed(
        `the ${trouble.arm} camera delivers frames that no trigger asked for`,
        `Set the ${trouble.arm} camera's trigger mode on, with its trigger line as source, and close other programs that drive it.`,
      );
    case "unsteady":
      return failed(
        `the ${trouble.arm} camera's frames do not follow the triggers (${tries})`,
        `Check the ${trouble.arm} camera's network for lost packets and its trigger cable for loose contacts.`,
      );
    case "silent":
      return failed(
        `the ${trouble.arm} camera sent no frame for ${tries}`,
        sawExposure(trouble.arm, fired)
          ? `It exposes (its feedback pulse came): check the ${trouble.arm} camera's data cable, its network and the firewall.`
          : `Check the trigger cable of the ${trouble.arm} camera and that its trigger line in the rig config is right.`,
      );
  }
}

function sawExposure(arm: Arm, fired: readonly { readonly fire: FireResult }[]): boolean {
  return fired.some(({ fire }) => fire.kind === "fired" && fire.report.feedback[arm] !== null);
}

function failed(message: string, advice: string): WorldError {
  return new WorldError("SYNC_FAILED", message, { advice });
}
