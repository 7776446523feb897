/** What a calibration of one camera is held against. */
import type { Gate } from "../../../schema/calibration-header.js";
import { gate } from "../../record/gate.js";
import type { CameraFacts, UncertaintyFacts } from "./camera-facts.js";

export function cameraGates(facts: CameraFacts): Gate[] {
  return [...viewGates(facts), ...errorGates(facts), ...trustGates(facts), ...boardGates(facts)];
}

function viewGates({ views, unused, tiltSpreadDeg, coverage }: CameraFacts): Gate[] {
  return [
    gate({
      id: "views",
      title: "Images with the board",
      value: views,
      unit: "",
      warn: 10,
      // Fewer than 4 are refused.
      fail: null,
      better: "higher",
      advice: "Take 15 to 30 images.",
    }),
    gate({
      id: "unused-images",
      title: "Images that could not be used",
      value: (100 * unused) / (views + unused),
      unit: "%",
      warn: 10,
      fail: null,
      advice:
        "See the reason beside each image: the board cut off or blurred, its corners wrong, or no board in it.",
    }),
    gate({
      id: "tilt-spread",
      title: "Angle between boards",
      value: tiltSpreadDeg,
      unit: "°",
      warn: 25,
      // Below 10° is refused.
      fail: null,
      better: "higher",
      advice:
        "Tilt the board up to 45°, to the left, right, up and down: the focal length comes from tilted boards.",
    }),
    gate({
      id: "coverage",
      title: "Image covered with corners",
      value: 100 * coverage,
      unit: "%",
      warn: 50,
      fail: 20,
      better: "higher",
      advice:
        "Hold the board into the corners and along the edges of the image too, also when it is partly cut off.",
    }),
  ];
}

function errorGates(facts: CameraFacts): Gate[] {
  const { rmsPointPx, worstViewRatio, worstView, worstLossShare, worstLossView, points, outliers } = facts;
  return [
    gate({
      id: "rms-point",
      title: "Reprojection error per point",
      value: rmsPointPx,
      unit: "px",
      warn: 0.5,
      fail: 2,
      advice: "Sharper and better lit images; lens, focus and zoom fixed; check the board's description.",
    }),
    gate({
      id: "worst-view",
      title: "Worst image over the usual one",
      value: worstViewRatio,
      unit: "×",
      warn: 3,
      fail: null,
      advice: `Look at ${worstView}: a moved or wrongly found board spoils the others. Leave it out.`,
    }),
    gate({
      id: "worst-view-outliers",
      title: "Corners left out of the worst image",
      value: 100 * worstLossShare,
      unit: "%",
      warn: 20,
      fail: null,
      advice: `Look at ${worstLossView}: the board was blurred, bent or covered, or its corners are wrong. The others are hardly harmed.`,
    }),
    gate({
      id: "outliers",
      title: "Corners left out",
      value: (100 * outliers) / points,
      unit: "%",
      warn: 2,
      fail: 10,
      advice: "Look at the residuals: blur, glare and occluded corners make outliers, so does a wrong board.",
    }),
  ];
}

function trustGates(facts: CameraFacts): Gate[] {
  const { rmsPointPx, heldOutRmsPx, focalSigmaShare, uncertainty, crossValidationRatio } = facts;
  return [
    gate({
      id: "held-out-ratio",
      title: "Error on images held out over the error of the fit",
      value: heldOutRmsPx === null ? null : heldOutRmsPx / rmsPointPx,
      unit: "×",
      warn: 1.3,
      fail: 3,
      advice:
        heldOutRmsPx === null
          ? "Take more images, six at least, so that half of them can be held out."
          : "The fit follows its own images and no others: take more and more different ones.",
    }),
    gate({
      id: "focal-sigma",
      title: "Uncertainty of the focal length",
      value: 100 * focalSigmaShare,
      unit: "%",
      warn: 0.3,
      fail: 2,
      advice: "Tilt the board more and fill the image with it; more images.",
    }),
    ...uncertainty.flatMap((at, i) => uncertaintyGates(at, i === 0 ? "" : "-stated")),
    gate({
      id: "cross-validation",
      title: "Difference of two halves over what their uncertainties allow",
      value: crossValidationRatio,
      unit: "×",
      warn: 3,
      fail: 6,
      advice:
        crossValidationRatio === null
          ? "Take more images, six at least and tilted differently, so that each half of them determines the camera."
          : "Some pictures were flipped, turned or cropped, focus or zoom changed, the board is not flat (--warp), or " +
            "the lens model does not describe the lens.",
    }),
  ];
}

function uncertaintyGates(
  { distanceMm, medianPx, coveredPx, worstAtPx }: UncertaintyFacts,
  ending: string,
): Gate[] {
  const title = `Projection uncertainty at ${distanceMm.toFixed(0)} mm`;
  const [x, y] = worstAtPx.map((px) => px.toFixed(0));
  return [
    gate({
      id: `uncertainty${ending}`,
      title: `${title}, median over the image`,
      value: medianPx,
      unit: "px",
      warn: 0.15,
      fail: 1,
      advice: "More images at the distance at which the camera will work, over the whole image.",
    }),
    gate({
      id: `uncertainty-covered${ending}`,
      title: `${title} where corners were seen, 95 % of it below`,
      value: coveredPx,
      unit: "px",
      warn: 0.5,
      fail: 3,
      advice: `It is worst about pixel (${x}, ${y}): more images with the board there.`,
    }),
  ];
}

function boardGates({ bend, bendSolved, expected, mirrored }: CameraFacts): Gate[] {
  const uncertain = bend !== null && bend.per200Mm > 0.3 && !bend.certain;
  const bent = gate({
    id: "board-bend",
    title: "Bend of the board on 200 mm",
    value: bend === null || uncertain ? null : bend.per200Mm,
    unit: "mm",
    warn: bendSolved ? null : 0.3,
    fail: null,
    advice: uncertain
      ? "The views do not tell whether the board is flat: take more tilted ones."
      : "Glue the board to something stiff and flat, or solve for its bend: --warp.",
  });
  if (expected === "any") return [bent];
  const handedness = gate({
    id: "handedness",
    title: `Images that lie ${expected === "mirrored" ? "mirrored" : "as seen"}`,
    value: mirrored === null ? null : 100,
    unit: "%",
    // Images that lie otherwise are refused.
    warn: null,
    fail: null,
    better: "higher",
    advice:
      "A chessboard looks the same in a mirror: use a ChArUco board (`nearfar targets print charuco-a4`).",
  });
  return [bent, handedness];
}
