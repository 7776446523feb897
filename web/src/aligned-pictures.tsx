import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { pictureUrl } from "./api.js";
import { type Camera, movedBy, wholeImage, zoomedAt, zoomStep } from "./camera.js";
import { PictureView } from "./picture-view.js";
import { type KeyActions, useKeys } from "./use-keys.js";
import { usePicture } from "./use-pictures.js";

/** Near and far are each shown so long when they blink. */
const blinkMs = 250;
/** Of the view, a press of a key. */
const moveStep = 0.1;

const flowViews = {
  flow: "flow",
  depth: "depth",
  tangential: "tangential residual",
  difference: "difference",
};

type MoveCamera = (change: (camera: Camera) => Camera) => void;

interface AlignedPicturesProps {
  readonly alignmentNumber: number;
  readonly version: string | null;
  readonly hasFlow: boolean;
  readonly camera: Camera;
  readonly moveCamera: MoveCamera;
}

/** Near, far and what was measured between them, side by side; near can blink with far. */
export function AlignedPictures(props: AlignedPicturesProps): VNode {
  const { alignmentNumber, version, hasFlow, camera, moveCamera } = props;
  const [blinking, setBlinking] = useState(false);
  const [held, setHeld] = useState(false);
  const blinkedAway = useBlink(blinking);
  const showsFar = held || blinkedAway;
  const near = usePicture(pictureUrl(alignmentNumber, "near", version));
  const far = usePicture(pictureUrl(alignmentNumber, "far", version));
  useKeys(
    { f: () => setBlinking((now) => !now), c: () => setHeld(true), ...cameraKeys(moveCamera) },
    { c: () => setHeld(false) },
  );
  const shared = { camera, moveCamera };
  return (
    <>
      <div class="tools">
        <button type="button" aria-pressed={blinking} onClick={() => setBlinking(!blinking)}>
          blink near and far
        </button>
        <button
          type="button"
          aria-pressed={held}
          onPointerDown={() => setHeld(true)}
          onPointerUp={() => setHeld(false)}
          onPointerLeave={() => setHeld(false)}
        >
          hold to see far in near's place
        </button>
        <button type="button" onClick={() => moveCamera(() => wholeImage)}>
          whole image
        </button>
        <output>{camera.zoom.toFixed(1)} ×</output>
      </div>
      <div class="views">
        <PictureView
          title={showsFar ? "far, in near's place" : "near"}
          picture={showsFar ? far : near}
          {...shared}
        />
        <PictureView title="far" picture={far} {...shared} />
        {hasFlow &&
          Object.entries(flowViews).map(([kind, title]) => (
            <MadePicture
              key={kind}
              url={pictureUrl(alignmentNumber, kind, version)}
              title={title}
              {...shared}
            />
          ))}
      </div>
    </>
  );
}

/** What keys do to the camera that all pictures share. */
function cameraKeys(moveCamera: MoveCamera): KeyActions {
  const move = (across: number, down: number) => () =>
    moveCamera((now) => movedBy(now, across * moveStep, down * moveStep));
  const zoom = (factor: number) => () => moveCamera((now) => zoomedAt(now, factor));
  return {
    "=": zoom(zoomStep),
    "+": zoom(zoomStep),
    "-": zoom(1 / zoomStep),
    "0": () => moveCamera(() => wholeImage),
    "Shift+ArrowLeft": move(-1, 0),
    "Shift+ArrowRight": move(1, 0),
    "Shift+ArrowUp": move(0, -1),
    "Shift+ArrowDown": move(0, 1),
  };
}

function MadePicture({
  url,
  ...view
}: { readonly url: string; readonly title: string } & Pick<
  AlignedPicturesProps,
  "camera" | "moveCamera"
>): VNode {
  return <PictureView picture={usePicture(url)} {...view} />;
}

/** Turns about while it is on. */
function useBlink(on: boolean): boolean {
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setAway((now) => !now), blinkMs);
    return () => {
      clearInterval(timer);
      setAway(false);
    };
  }, [on]);
  return away;
}
