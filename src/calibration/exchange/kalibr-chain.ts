/** Kalibr's camchain.yaml (github.com/ethz-asl/kalibr, wiki "yaml formats"): pinholes with `radtan` distortion. */
import { WorldError } from "../../base/errors.js";
import { type Rigid, rotationMatrix } from "../../geometry/rigid.js";
import type { GeometryOf, PlainCamera } from "./plain-camera.js";
import { fitRadtan, type RadtanFit } from "./radtan-fit.js";

/** Above this over the image, root mean square, the file would speak of another camera. */
const greatestRmsErrorPx = 1;

export interface KalibrChain {
  readonly text: string;
  /** The same in words, which stand in the text too; null where no camera had a k3 to lose. */
  readonly remark: string | null;
  /** Of each camera: what leaving out k3 costs; 0 where there was none. */
  readonly errors: readonly Pick<RadtanFit, "rmsErrorPx" | "greatestErrorPx">[];
}

/**
 * `cam0` is the camera, or the near one; `cam1` the far one, T_cn_cnm1 = T_far_near with its translation in m.
 * @param origin one line that says where it comes from.
 * @throws WorldError CALIBRATION_REFUSED when the four terms cannot say what the five do, to a pixel.
 */
export function kalibrChain(geometry: GeometryOf, origin: string): KalibrChain {
  const cameras = geometry.kind === "camera" ? [geometry.camera] : [geometry.pair.near, geometry.pair.far];
  const fits = cameras.map((camera, index) => {
    const fit = fitRadtan(camera);
    if (fit !== null && fit.rmsErrorPx <= greatestRmsErrorPx) return fit;
    throw notRadtan(`cam${index}`, fit?.rmsErrorPx ?? null);
  });
  const sections = fits.map(({ intrinsics }, index) => {
    const chain = geometry.kind === "pair" && index === 1 ? transformLines(geometry.pair.T_far_near) : [];
    return [
      `cam${index}:`,
      "  camera_model: pinhole",
      `  intrinsics: ${list(intrinsics.slice(0, 4))}`,
      "  distortion_model: radtan",
      `  distortion_coeffs: ${list(intrinsics.slice(4, 8))}`,
      ...chain,
      `  resolution: ${list((cameras[index] as PlainCamera).imageSizePx)}`,
      `  rostopic: /cam${index}/image_raw`,
    ].join("\n");
  });
  const remark = radtanRemark(fits);
  const comments = [origin, ...(remark === null ? [] : [remark])].map((line) => `# ${line}`);
  return { text: `${[...comments, ...sections].join("\n")}\n`, remark, errors: fits };
}

function radtanRemark(fits: KalibrChain["errors"]): string | null {
  const lossy = fits.flatMap(({ rmsErrorPx, greatestErrorPx }, index) =>
    greatestErrorPx > 0
      ? [`cam${index} by ${rmsErrorPx.toFixed(3)} px rms and up to ${greatestErrorPx.toFixed(3)} px`]
      : [],
  );
  if (lossy.length === 0) return null;
  return `Kalibr's radtan has no k3. The other terms were fitted anew; over the image they are off: ${lossy.join(", ")}.`;
}

function transformLines({ rotation, translationMm }: Rigid): string[] {
  const rows = rotationMatrix(rotation).map((row, i) => list([...row, (translationMm[i] as number) / 1000]));
  return ["  T_cn_cnm1:", ...[...rows, list([0, 0, 0, 1])].map((row) => `  - ${row}`)];
}

function list(values: readonly number[]): string {
  return `[${values.join(", ")}]`;
}

function notRadtan(name: string, errorPx: number | null): WorldError {
  const off = errorPx === null ? "cannot be undistorted" : `would be off by ${errorPx.toFixed(2)} px rms`;
  return new WorldError("CALIBRATION_REFUSED", `Kalibr's radtan has no k3, and without it ${name} ${off}`, {
    advice: "Export it as opencv or mrcal, which have k3, or calibrate with k3 held at 0.",
  });
}
