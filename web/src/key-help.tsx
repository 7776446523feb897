import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useKeys } from "./use-keys.js";

const keys: readonly (readonly [string, string])[] = [
  ["← →", "previous, next pair"],
  ["f", "blink near and far"],
  ["c (hold)", "see far in near's place"],
  ["wheel, + −", "zoom all pictures"],
  ["drag, Shift + arrows", "move all pictures"],
  ["0", "show the whole image"],
  ["?", "show or hide these keys"],
];

/** The keys of the page, shown by `?`. */
export function KeyHelp(): VNode {
  const [shown, setShown] = useState(false);
  useKeys({
    "?": () => setShown(!shown),
    ...(shown ? { Escape: () => setShown(false) } : {}),
  });
  return (
    <>
      <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
        ? keys
      </button>
      {shown && (
        <dl class="keys">
          {keys.map(([key, what]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
