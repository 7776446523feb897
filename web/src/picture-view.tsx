import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Camera, drawThrough, movedBy, zoomedAt, zoomStep } from "./camera.js";
import type { LoadedPicture } from "./use-pictures.js";

interface PictureViewProps {
  readonly title: string;
  readonly picture: LoadedPicture;
  readonly camera: Camera;
  readonly moveCamera: (change: (camera: Camera) => Camera) => void;
}

/** One picture through the camera that all views share: the wheel zooms at the pointer, dragging moves. */
export function PictureView({ title, picture, camera, moveCamera }: PictureViewProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const sidePx = useSidePx(canvas);
  const image = picture.state === "ready" ? picture.value : null;
  const hasFailed = picture.state === "failed";
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || sidePx === 0) return;
    if (image !== null) drawThrough(camera, context, image, sidePx);
    // What was there before is of another pair. While a picture loads it may stay, not to flicker.
    else if (hasFailed) context.clearRect(0, 0, sidePx, sidePx);
  }, [camera, image, hasFailed, sidePx]);

  const zoom = (event: WheelEvent): void => {
    event.preventDefault();
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
    const [across, down] = [(event.clientX - left) / width, (event.clientY - top) / height];
    const factor = event.deltaY < 0 ? zoomStep : 1 / zoomStep;
    moveCamera((now) => zoomedAt(now, factor, across, down));
  };
  const drag = (event: PointerEvent): void => {
    const target = event.currentTarget as Element;
    if (event.buttons !== 1) return;
    target.setPointerCapture(event.pointerId);
    const side = target.clientWidth;
    moveCamera((now) => movedBy(now, -event.movementX / side, -event.movementY / side));
  };
  return (
    <figure class="view">
      <figcaption>{title}</figcaption>
      <canvas
        ref={canvas}
        width={sidePx}
        height={sidePx}
        onWheel={zoom}
        onPointerMove={drag}
        aria-label={title}
        role="img"
      />
      {picture.state !== "ready" && (
        <p class={`note over ${hasFailed ? "failed" : ""}`}>
          {picture.state === "failed" ? picture.message : "Loading…"}
        </p>
      )}
      {image !== null && <Legend image={image} />}
    </figure>
  );
}

/** The strip below a picture's square, which zooming leaves alone. */
function Legend({ image }: { image: HTMLImageElement }): VNode | null {
  const { naturalWidth: width, naturalHeight: height } = image;
  if (height <= width) return null;
  return (
    <div
      class="legend"
      style={{ backgroundImage: `url("${image.src}")`, aspectRatio: `${width} / ${height - width}` }}
    />
  );
}

/** Device px of the canvas's side as it is laid out. */
function useSidePx(canvas: { readonly current: HTMLCanvasElement | null }): number {
  const [sidePx, setSidePx] = useState(0);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const measure = (): void => setSidePx(Math.round(element.clientWidth * devicePixelRatio));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [canvas]);
  return sidePx;
}
