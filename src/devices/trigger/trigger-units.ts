/** µs of the contract ↔ ticks of the board. */
import { tickHz } from "./generated/protocol.js";

const ticksPerUs = tickHz / 1_000_000;

/** Nearest tick. */
export function ticksOfUs(us: number): number {
  return Math.round(us * ticksPerUs);
}

export function usOfTicks(ticks: number): number {
  return ticks / ticksPerUs;
}
