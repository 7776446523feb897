/** What has to be printed for a target: pieces of paper, each a drawing in mm about its centre. */
import { CallerError } from "../base/errors.js";
import type { AssemblyTarget, CharucoBoard, CheckerBoard, TargetDefinition } from "../schema/target.js";
import { markersOf, patternSize, type Rectangle, squaresOf } from "./board-geometry.js";
import type { Size } from "./paper.js";
import { postNet } from "./post-net.js";

/** Black with holes; everything of one shape is one path, so that no seams show between its parts. */
export interface InkShape {
  readonly outline: Rectangle;
  readonly holes: readonly Rectangle[];
}

export interface Line {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly style: "cut" | "fold";
}

export interface Label {
  readonly text: string;
  /** Of its middle. */
  readonly x: number;
  readonly y: number;
}

export interface Piece {
  /** What it is, with its sizes. */
  readonly caption: string;
  /** Size of what is drawn; text and scale bars stay outside. */
  readonly content: Size;
  /** The paper that carries it, to cut out; null where its own lines say what to cut. */
  readonly sheet: Size | null;
  readonly ink: readonly InkShape[];
  readonly lines: readonly Line[];
  readonly labels: readonly Label[];
}

/** @throws CallerError USAGE for a target that no printer can make. */
export function piecesOf(target: TargetDefinition): readonly Piece[] {
  switch (target.kind) {
    case "charuco":
      return [charucoPiece(target, target.title)];
    case "chessboard":
      return [{ ...boardPiece(target), caption: target.title }];
    case "assembly":
      return assemblyPieces(target);
    case "color-chart":
      throw new CallerError(
        "USAGE",
        `${target.title} cannot be printed: no printer makes patches with its reflectances.`,
        { advice: "Buy the chart; it is sold by Calibrite (formerly X-Rite)." },
      );
  }
}

/** Four lines around a rectangle. */
export function outlineOf(box: Rectangle, style: Line["style"]): Line[] {
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  const corners = [
    [box.left, box.top],
    [right, box.top],
    [right, bottom],
    [box.left, bottom],
  ] as const;
  return corners.map((from, index) => ({ from, to: corners[(index + 1) % 4] ?? from, style }));
}

export function centredBox(x: number, y: number, size: Size): Rectangle {
  return {
    left: x - size.widthMm / 2,
    top: y - size.heightMm / 2,
    width: size.widthMm,
    height: size.heightMm,
  };
}

function boardPiece(board: CheckerBoard): Omit<Piece, "caption"> {
  const { width, height } = patternSize(board);
  const ink = squaresOf(board, "black").map((outline) => ({ outline, holes: [] }));
  const content = { widthMm: width, heightMm: height };
  return { content, sheet: board.sheet, ink, lines: [], labels: [] };
}

function charucoPiece(board: CharucoBoard, title: string): Piece {
  const piece = boardPiece(board);
  const markers = markersOf(board);
  const ink = [...piece.ink, ...markers.map((marker) => ({ outline: marker.outline, holes: marker.white }))];
  const lastId = board.firstMarkerId + markers.length - 1;
  const ids = `${board.dictionary} ${board.firstMarkerId} to ${lastId}`;
  return {
    ...piece,
    ink,
    caption: `${title}; squares ${board.squareMm} mm, markers ${board.markerMm} mm, ${ids}`,
  };
}

function assemblyPieces(target: AssemblyTarget): Piece[] {
  const boards = target.boards.map((board) => charucoPiece(board, board.title));
  const posts = target.posts.flatMap(({ board: id, sideMm }) => {
    const carried = target.boards.find((board) => board.id === id);
    return carried === undefined ? [] : [postNet(carried, sideMm, target.base.zMm)];
  });
  return [basePlan(target), ...boards, ...posts];
}

/** Where everything is glued to the base, at 1:1. */
function basePlan(target: AssemblyTarget): Piece {
  const { base } = target;
  const boxes = target.boards.map((board) => {
    const [x, y] = board.pose.translationMm;
    const post = target.posts.find((candidate) => candidate.board === board.id);
    const size = post === undefined ? board.sheet : { widthMm: post.sideMm, heightMm: post.sideMm };
    return { outline: outlineOf(centredBox(x, y, size), "fold"), label: { text: board.id, x, y } };
  });
  return {
    caption: `${target.title}: plan of the base; prick it through onto matte black card ${base.widthMm} × ${base.heightMm} mm`,
    content: base,
    sheet: null,
    ink: [],
    lines: [...outlineOf(centredBox(0, 0, base), "cut"), ...boxes.flatMap((box) => box.outline)],
    labels: boxes.map((box) => box.label),
  };
}
