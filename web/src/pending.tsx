import type { VNode } from "preact";
import type { Loaded } from "./api.js";

/** Shows what has been loaded, or why not. */
export function Pending<T>(props: { of: Loaded<T>; children: (value: T) => VNode }): VNode {
  const { of: loaded, children } = props;
  if (loaded.state === "loading") return <p class="note">Loading…</p>;
  if (loaded.state === "failed") return <p class="note failed">Not loaded: {loaded.message}</p>;
  return children(loaded.value);
}
