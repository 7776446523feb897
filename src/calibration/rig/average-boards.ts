/** Several looks at a board that stands still, as one: their noise averages away. */
import type { SeenBoard } from "../geometry/observations/seen-board.js";

/** Corners that at least half of the looks saw, at the mean of their places. */
export function averagedBoards(looks: readonly (readonly SeenBoard[])[]): SeenBoard[] {
  const ids = [...new Set(looks.flatMap((boards) => boards.map(({ boardId }) => boardId)))];
  return ids.flatMap((id) => {
    const seen = looks.flatMap((boards) => boards.filter(({ boardId }) => boardId === id));
    return averaged(seen, looks.length / 2) ?? [];
  });
}

interface Sum {
  count: number;
  x: number;
  y: number;
}

function averaged(seen: readonly SeenBoard[], leastCount: number): SeenBoard | null {
  const [first] = seen;
  if (first === undefined) return null;
  const sums = new Map<number, Sum>();
  for (const { ids, pointsPx } of seen) {
    for (const [i, id] of ids.entries()) {
      const sum = sums.get(id) ?? { count: 0, x: 0, y: 0 };
      sum.count++;
      sum.x += pointsPx[2 * i] as number;
      sum.y += pointsPx[2 * i + 1] as number;
      sums.set(id, sum);
    }
  }
  const kept = [...sums].filter(([, { count }]) => count >= leastCount).sort(([a], [b]) => a - b);
  return {
    boardId: first.boardId,
    ids: Int32Array.from(kept, ([id]) => id),
    pointsPx: Float64Array.from(kept.flatMap(([, { count, x, y }]) => [x / count, y / count])),
    sigmaPx: null,
    mirrored: first.mirrored,
  };
}
