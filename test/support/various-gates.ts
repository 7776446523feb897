import { gate } from "../../src/calibration/record/gate.js";
import type { Gate } from "../../src/schema/calibration-header.js";

/** One gate of each state; advice with signs that mean something in HTML. */
export const variousGates: readonly Gate[] = [
  gate({
    id: "rms",
    title: "Reprojection error, per point",
    value: 0.1954,
    unit: "px",
    warn: 0.3,
    fail: 0.6,
    advice: "Hold the board still.",
  }),
  gate({
    id: "coverage",
    title: "Image covered by corners",
    value: 71,
    unit: "%",
    warn: 80,
    fail: 50,
    better: "higher",
    advice: "Bring the board into the upper left corner & the <right> edge.",
  }),
  gate({
    id: "tilt-range",
    title: "Range of board tilt",
    value: 12.5,
    unit: "°",
    warn: 30,
    fail: 15,
    better: "higher",
    advice: "Tilt the board up to 45° to all four sides.",
  }),
  gate({
    id: "held-out-rms",
    title: "Held-out error",
    value: null,
    unit: "px",
    warn: 0.3,
    fail: 0.6,
    advice: "Take at least six images: `--images` names their folder.",
  }),
];

/** Of a pair whose pupils are not quite in line. */
export const pairGates: readonly Gate[] = [
  gate({
    id: "lateral-offset",
    title: "Lateral offset, worst stop",
    value: 0.41,
    unit: "mm",
    warn: 0.3,
    fail: 1,
    advice: "Turn the near arm's x screw at 230 mm by 0.4 mm.",
  }),
  gate({
    id: "overlay",
    title: "Disagreement over the eye plane, worst stop",
    value: 0.083,
    unit: "px",
    warn: 0.12,
    fail: 0.5,
    advice: "Hold boards in the eye plane.",
  }),
  gate({
    id: "phantom",
    title: "Depth phantom, worst flow error",
    value: null,
    unit: "px",
    warn: 0.3,
    fail: 1,
    advice: "Run `nearfar calibrate check --phantom`.",
  }),
];
