/** How sure a fit is when the errors of neighbouring nodes are alike. */
import { asVector, type FittedNode, priorSigmas, type RobustFit } from "./robust-fit.js";

/** Errors are looked at for likeness up to this many windows apart. */
const reachWindows = 4;
/** Fewer pairs of nodes at a distance tell nothing about their likeness. */
const leastPairs = 200;

const priors = asVector(priorSigmas);
const size = priors.length;

/**
 * Covariance of the fitted errors, row-major: M⁻¹ (P + χ² Σ_ij a_i ρ_ij a_jᵀ) M⁻¹. The correlation ρ of two nodes is
 * the share that their windows overlap or, of those that do not, what the residuals show at such a distance.
 * @param chi2 of the residuals over their degrees of freedom; below 1 it counts as 1.
 * @param windowPx side of the matched windows.
 */
export function fitCovariance({ nodes, inverse }: RobustFit, chi2: number, windowPx: number): Float64Array {
  const { overlapping, apart } = pairSums(
    nodes.filter(({ weight }) => weight > 0),
    windowPx,
  );
  const surest = sandwich(inverse, overlapping, chi2);
  const seen = overlapping.slice();
  for (const bin of apart) {
    const correlation = significantCorrelation(bin);
    for (let i = 0; i < seen.length; i++)
      seen[i] = (seen[i] as number) + correlation * (bin.products[i] as number);
  }
  const correlated = sandwich(inverse, seen, chi2);
  // What the residuals show is itself uncertain: it never makes a fit surer.
  const isSurer = priors.some(
    (_, i) => (correlated[i * size + i] as number) < (surest[i * size + i] as number),
  );
  return isSurer ? surest : correlated;
}

/** Pairs of nodes about equally far apart. */
interface Bin {
  /** Σ a_i a_jᵀ over pairs in both orders, row-major. */
  readonly products: Float64Array;
  pairs: number;
  /** Sums of products and of squares of normalised residuals. */
  residuals: number;
  squares: number;
}

function pairSums(nodes: readonly FittedNode[], windowPx: number) {
  const overlapping = new Float64Array(size * size);
  const apart = Array.from(
    { length: reachWindows },
    (): Bin => ({ products: new Float64Array(size * size), pairs: 0, residuals: 0, squares: 0 }),
  );
  const sorted = nodes.toSorted((a, b) => a.seen.nearPx[1] - b.seen.nearPx[1]).map(asTerm);
  for (const [i, a] of sorted.entries()) {
    addProduct(overlapping, a, a, 1);
    for (let j = i + 1; j < sorted.length; j++) {
      const b = sorted[j] as Term;
      const [dx, dy] = [Math.abs(a.x - b.x), b.y - a.y];
      if (dy >= reachWindows * windowPx) break;
      const bin = apart[Math.floor(Math.hypot(dx, dy) / windowPx)];
      if (bin === undefined) continue;
      const cosine = a.across[0] * b.across[0] + a.across[1] * b.across[1];
      if (dx < windowPx && dy < windowPx)
        addProduct(overlapping, a, b, cosine * (1 - dx / windowPx) * (1 - dy / windowPx));
      else addPair(bin, a, b, cosine);
    }
  }
  return { overlapping, apart };
}

/** A node in the equations of the fit. */
interface Term {
  readonly x: number;
  readonly y: number;
  readonly across: readonly [number, number];
  /** Weight × slopes / sigma: what its normalised error adds to the equations. */
  readonly lever: readonly number[];
  readonly residual: number;
}

function asTerm({ seen, tangential: { across, slopes, sigmaPx, residualPx }, weight }: FittedNode): Term {
  const [x, y] = seen.nearPx;
  return {
    x,
    y,
    across: [across[0], across[1]],
    lever: slopes.map((slope) => (weight * slope) / sigmaPx),
    residual: residualPx / sigmaPx,
  };
}

function addPair(bin: Bin, a: Term, b: Term, cosine: number): void {
  addProduct(bin.products, a, b, cosine);
  bin.pairs++;
  bin.residuals += cosine * a.residual * b.residual;
  bin.squares += (a.residual ** 2 + b.residual ** 2) / 2;
}

/** Both orders of the pair. */
function addProduct(sum: Float64Array, a: Term, b: Term, factor: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const product = (a.lever[i] as number) * (b.lever[j] as number);
      const both = a === b ? product : product + (a.lever[j] as number) * (b.lever[i] as number);
      sum[i * size + j] = (sum[i * size + j] as number) + factor * both;
    }
  }
}

/** 0 unless it stands out by three standard deviations of what chance makes. */
function significantCorrelation({ pairs, residuals, squares }: Bin): number {
  if (pairs < leastPairs || squares === 0) return 0;
  const correlation = residuals / squares;
  return correlation > 3 / Math.sqrt(pairs) ? Math.min(1, correlation) : 0;
}

function sandwich(inverse: Float64Array, products: Float64Array, chi2: number): Float64Array {
  const middle = products.map((product) => Math.max(1, chi2) * product);
  for (const [i, sigma] of priors.entries())
    middle[i * size + i] = (middle[i * size + i] as number) + 1 / sigma ** 2;
  return multiplied(multiplied(inverse, middle), inverse);
}

function multiplied(a: Float64Array, b: Float64Array): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++)
      for (let j = 0; j < size; j++)
        product[i * size + j] =
          (product[i * size + j] as number) + (a[i * size + k] as number) * (b[k * size + j] as number);
  return product;
}
