import { describe, expect, test } from "vitest";
import { decodeFrame } from "../../src/imaging/decode.js";
import { readLedCounterInImage } from "../../src/imaging/led-counter.js";
import { encodeLedBits } from "../../src/imaging/led-panel.js";
import { findLedPanel } from "../../src/imaging/led-panel-search.js";
import { grayTexture, ledPanelScene } from "../support/led-panel-scene.js";
import { camera, exposeSamples, type Scene } from "../support/synthetic-frame.js";

/** The panel's cells are square in it. */
const size = { widthPx: 640, heightPx: 632 };
const number = { shotId: 77, tick: 123_456_789n };
const bits = encodeLedBits(number);

/** What a camera gives that saw a scene. */
const imageOf = (scene: Scene) => decodeFrame(exposeSamples(scene, camera(size.widthPx, size.heightPx)));

/** The panel in a room that is darker than its LEDs. */
function panelInDimRoom(shiftPx: readonly [number, number]): Scene {
  const panel = ledPanelScene({ ...size, bits, shiftPx });
  return (u, v) => {
    const [wall] = grayTexture(u, v);
    const [level] = panel(u, v);
    const shown = level === wall ? 0.2 * wall : level;
    return [shown, shown, shown];
  };
}

describe("an LED counter that nobody told of", () => {
  test.each([
    [0, 0],
    [213, 40],
    [340, 411],
  ] as const)("is found where it stands, %d px further right and %d px lower", async (right, down) => {
    const image = await imageOf(panelInDimRoom([right, down]));
    const corners = findLedPanel(image);
    expect(corners?.topLeft[0]).toBeCloseTo(0.05 + right / size.widthPx, 2);
    expect(corners?.topLeft[1]).toBeCloseTo(0.05 + down / size.heightPx, 2);
    expect(corners && readLedCounterInImage(image, corners)).toEqual({ kind: "read", ...number });
  });

  test("is not seen in a picture without one", async () => {
    expect(findLedPanel(await imageOf(grayTexture))).toBeNull();
    // A bright window of the same proportions has no LEDs, but a lit rim: reading it tells.
    const window: Scene = (u, v) =>
      u > 100 && u < 340 && v > 100 && v < 260 ? [0.8, 0.8, 0.8] : [0.01, 0.01, 0.01];
    const image = await imageOf(window);
    const corners = findLedPanel(image);
    expect(corners && readLedCounterInImage(image, corners)).toMatchObject({ kind: "unreadable" });
  });
});
