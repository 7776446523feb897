import type { Terminal } from "./terminal.js";

/** A line that accompanies the results, on standard error: text, or `{type: "note", message}`. */
export function note(terminal: Terminal, message: string, json: boolean): void {
  terminal.note(json ? JSON.stringify({ type: "note", message }) : message);
}
