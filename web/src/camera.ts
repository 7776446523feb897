/** What part of an image is shown, in shares of its side, so that it holds for images of any size alike. */
export interface Camera {
  /** Middle of the view. */
  readonly x: number;
  readonly y: number;
  /** 1 shows the whole image. */
  readonly zoom: number;
}

export const wholeImage: Camera = { x: 0.5, y: 0.5, zoom: 1 };

const mostZoom = 64;
/** One notch of the wheel, one press of a key. */
export const zoomStep = 1.25;

const between = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/** Keeps the view inside the image. */
function inside({ x, y, zoom }: Camera): Camera {
  const half = 0.5 / zoom;
  return { x: between(x, half, 1 - half), y: between(y, half, 1 - half), zoom };
}

/**
 * Zooms about a point of the view that stays where it is.
 * @param across of the point, share of the view's width; `down` likewise.
 */
export function zoomedAt(camera: Camera, factor: number, across = 0.5, down = 0.5): Camera {
  const zoom = between(camera.zoom * factor, 1, mostZoom);
  const moved = 1 / camera.zoom - 1 / zoom;
  return inside({ x: camera.x + (across - 0.5) * moved, y: camera.y + (down - 0.5) * moved, zoom });
}

/** Moves what is seen by shares of the view: positive shows more of the right and below. */
export function movedBy(camera: Camera, across: number, down: number): Camera {
  return inside({ ...camera, x: camera.x + across / camera.zoom, y: camera.y + down / camera.zoom });
}

/**
 * Draws the top square of a picture as the camera sees it, sharp pixels when they are large.
 * @param sidePx of the canvas, device px.
 */
export function drawThrough(
  camera: Camera,
  canvas: CanvasRenderingContext2D,
  picture: HTMLImageElement,
  sidePx: number,
): void {
  const source = picture.naturalWidth;
  const scale = (sidePx * camera.zoom) / source;
  canvas.imageSmoothingEnabled = scale < 3;
  canvas.imageSmoothingQuality = "high";
  canvas.fillStyle = "#000";
  canvas.fillRect(0, 0, sidePx, sidePx);
  const shown = source / camera.zoom;
  const [left, top] = [camera.x * source - shown / 2, camera.y * source - shown / 2];
  canvas.drawImage(picture, left, top, shown, shown, 0, 0, sidePx, sidePx);
}
