/** The relief of the generic head as a surface of nodes, both sides of it. */
import { meanPoint } from "./head-pose.js";
import { meanMesh, reliefCoverage, reliefGrid, reliefHeight, reliefSigma } from "./mean-head.js";

/** Points of the mesh that carry a node along, and how much each does. */
interface Followed {
  readonly points: readonly number[];
  /** Sum up to 1 within the face and to less the further off the node is. */
  readonly weights: readonly number[];
}

export interface ReliefNode {
  /** Head frame, mm. */
  readonly x: number;
  readonly y: number;
  readonly h: number;
  readonly sigma: number;
  /** Share of heads that reach there. */
  readonly coverage: number;
  readonly followed: Followed;
}

export interface Relief {
  readonly columns: number;
  readonly rows: number;
  /** Row by row; null where the generic head does not reach. */
  readonly nodes: readonly (ReliefNode | null)[];
}

const nearestPoints = 6;
/** Distance from the mesh over which nodes cease to follow it. */
const followingMm = 40;

let made: Relief | undefined;

export function genericRelief(): Relief {
  made ??= makeRelief();
  return made;
}

function makeRelief(): Relief {
  const { columns: half, rows, stepMm, topMm } = reliefGrid;
  const columns = 2 * half - 1;
  const nodes = Array.from({ length: columns * rows }, (_, i): ReliefNode | null => {
    const [column, row] = [(i % columns) - (half - 1), Math.floor(i / columns)];
    const at = row * half + Math.abs(column);
    const h = reliefHeight[at] as number;
    if (Number.isNaN(h)) return null;
    const [x, y] = [column * stepMm, topMm + row * stepMm];
    return {
      x,
      y,
      h,
      sigma: reliefSigma[at] as number,
      coverage: (reliefCoverage[at] as number) / 100,
      followed: followedBy(x, y),
    };
  });
  return { columns, rows, nodes };
}

function followedBy(x: number, y: number): Followed {
  const distances = Array.from({ length: meanMesh.length / 3 }, (_, index) => {
    const [px, py] = meanPoint(index);
    return { index, mm: Math.hypot(px - x, py - y) };
  });
  const nearest = distances.sort((a, b) => a.mm - b.mm).slice(0, nearestPoints);
  // 2 mm keep a node that lies on a point from following that one alone: single points are noisy.
  const raw = nearest.map(({ mm }) => 1 / (mm + 2) ** 2);
  const total = raw.reduce((sum, w) => sum + w, 0);
  const share = Math.exp(-Math.max(0, (nearest[0]?.mm as number) - 5) / followingMm);
  return { points: nearest.map(({ index }) => index), weights: raw.map((w) => (share * w) / total) };
}
