/** The net of a square tube that holds a board at its depth. */
import type { AssembledBoard } from "../schema/target.js";
import type { Line, Piece } from "./pieces.js";

const tabMm = 10;

/** Four sides and a tab for glue in a row; tabs at both ends fold outwards. */
export function postNet(board: AssembledBoard, sideMm: number, baseZMm: number): Piece {
  const heightMm = Math.round((baseZMm - board.pose.translationMm[2]) * 100) / 100;
  const width = 4 * sideMm + tabMm;
  const left = -width / 2;
  const top = -heightMm / 2;
  const line = (style: Line["style"], x1: number, y1: number, x2: number, y2: number): Line => ({
    from: [x1, y1],
    to: [x2, y2],
    style,
  });
  const sides = [0, 1, 2, 3].map((side) => left + side * sideMm);
  const lines = [
    line("cut", left, top, left, -top),
    ...sides.map((x) => line("fold", x + sideMm, top, x + sideMm, -top)),
    line("cut", -left, top, -left, -top),
    line("cut", -left - tabMm, top, -left, top),
    line("cut", -left - tabMm, -top, -left, -top),
    ...[top, -top].flatMap((end) => sides.flatMap((x) => endTab(line, x, sideMm, end))),
  ];
  const content = { widthMm: width, heightMm: heightMm + 2 * tabMm };
  const labels = [
    { text: "glue", x: width / 2 - tabMm / 2, y: 0 },
    { text: board.id, x: left + 1.5 * sideMm, y: 0 },
    ...sides.flatMap((x) =>
      [top - tabMm / 2, -top + tabMm / 2].map((y) => ({ text: "out", x: x + sideMm / 2, y })),
    ),
  ];
  const caption = `Post of the board ${board.id}, ${sideMm} × ${sideMm} mm, ${heightMm} mm high; matte black card`;
  return { caption, content, sheet: null, ink: [], lines, labels };
}

/** A trapezoid of `tabMm` beyond the end of one side. */
function endTab(
  line: (style: Line["style"], x1: number, y1: number, x2: number, y2: number) => Line,
  x: number,
  sideMm: number,
  end: number,
): Line[] {
  const outer = end + Math.sign(end) * tabMm;
  const slant = 2;
  return [
    line("fold", x, end, x + sideMm, end),
    line("cut", x, end, x + slant, outer),
    line("cut", x + slant, outer, x + sideMm - slant, outer),
    line("cut", x + sideMm - slant, outer, x + sideMm, end),
  ];
}
