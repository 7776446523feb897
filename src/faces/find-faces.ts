/** The whole way from an image to its faces, in one thread. */
import { boxAround, overlap } from "./box.js";
import { type Detection, decodeDetections, mergeDetections } from "./detection.js";
import type { Face, FaceImage } from "./face.js";
import { ImagePyramid } from "./image-pyramid.js";
import { irisCentre, runIris } from "./iris.js";
import { landmarks68Of } from "./landmarks68.js";
import { angleOfMesh, meshPoints, runMesh, squareAroundDetection, squareAroundMesh } from "./mesh.js";
import type { ByRole } from "./nets.js";
import type { OnnxNet } from "./onnx-net.js";
import { searchStages } from "./search-windows.js";
import { cropSquare, pointInImage, type Square } from "./square-crop.js";

export interface FaceThresholds {
  /** Detector score below which nothing is reported, 0..1. */
  readonly minScore: number;
  /** Mesh score below which a detection is taken for something else, 0..1. */
  readonly minMeshScore: number;
  /**
   * Size below which a face need not be found, as a share of the image's longer side: the search ends with windows
   * four times as large.
   */
  readonly minFaceShare: number;
}

/** The search goes on, closer, until a face scores this much. */
const certainScore = 0.9;
/** Edge of the smallest window over the smallest face that it is there for. */
const windowOverFace = 4;
/** Two meshes that overlap this much lie on the same face. */
const sameMeshOverlap = 0.5;

async function detectIn(
  net: OnnxNet,
  pyramid: ImagePyramid,
  window: Square,
  minScore: number,
): Promise<Detection[]> {
  const { inputPx } = net;
  const format = { outputPx: inputPx, black: -1, white: 1, outside: "black" } as const;
  const outputs = await net.run(cropSquare(pyramid, window, format), 1);
  const toImage = (u: number, v: number) => pointInImage(window, u, v, inputPx);
  return decodeDetections(outputs, inputPx, minScore).map(({ score, box, keyPoints }) => {
    const { x: left, y: top } = toImage(box.left, box.top);
    const { x: right, y: bottom } = toImage(box.right, box.bottom);
    return {
      score,
      box: { left, top, right, bottom },
      keyPoints: keyPoints.map(({ x, y }) => toImage(x, y)),
    };
  });
}

/** Best first. */
async function detect(
  net: OnnxNet,
  pyramid: ImagePyramid,
  { widthPx, heightPx }: FaceImage,
  { minScore, minFaceShare }: FaceThresholds,
): Promise<Detection[]> {
  const raw: Detection[] = [];
  for (const windows of searchStages(widthPx, heightPx, windowOverFace * minFaceShare)) {
    for (const window of windows) raw.push(...(await detectIn(net, pyramid, window, minScore)));
    if (raw.some(({ score }) => score >= certainScore)) break;
  }
  return mergeDetections(raw);
}

/** The mesh is taken twice: the detector places the first crop roughly, the first mesh the second one well. */
async function describe(
  nets: ByRole<OnnxNet>,
  pyramid: ImagePyramid,
  detection: Detection,
  minMeshScore: number,
): Promise<Face | null> {
  const rough = await runMesh(nets.mesh, pyramid, squareAroundDetection(detection));
  const { score: meshScore, points468 } = await runMesh(nets.mesh, pyramid, squareAroundMesh(rough));
  if (meshScore < minMeshScore) return null;
  const eyes = await runIris(nets.iris, pyramid, points468);
  return {
    score: detection.score,
    meshScore,
    box: boxAround(meshPoints(points468)),
    points468,
    landmarks68: landmarks68Of(points468),
    eyes,
    irisCentres: [irisCentre(eyes[0]), irisCentre(eyes[1])],
    angleRad: angleOfMesh(points468),
  };
}

/** Faces in the image, best first. */
export async function findFaces(
  nets: ByRole<OnnxNet>,
  image: FaceImage,
  thresholds: FaceThresholds,
): Promise<Face[]> {
  const pyramid = new ImagePyramid(image);
  const faces: Face[] = [];
  for (const detection of await detect(nets.detector, pyramid, image, thresholds)) {
    const face = await describe(nets, pyramid, detection, thresholds.minMeshScore);
    if (face !== null && faces.every(({ box }) => overlap(box, face.box) < sameMeshOverlap)) faces.push(face);
  }
  return faces;
}
