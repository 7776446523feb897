/**
 * Definition of a target: one JSON file in calibration/targets is the single source for the virtual
 * rig, the printed page and the detectors.
 *
 * Frame of a target and of a board: origin at its centre, x right, y down, z away from the cameras, mm.
 * Squares, markers and inner corners are counted row-major from the top left of the upright board.
 */
import { z } from "zod";

/** Bits on a side of one marker of each dictionary, without its black border of one cell. */
export const markerBitsOnASide = { DICT_6X6_250: 6 } as const;

const mm = z.number().positive().max(2000);
const vector = z.tuple([z.number(), z.number(), z.number()]);

/** The white sheet that carries the pattern in its middle. */
const sheet = z.strictObject({ widthMm: mm, heightMm: mm });

const checkerFields = {
  /** Squares, not inner corners. */
  squaresX: z.int().min(3).max(100),
  squaresY: z.int().min(3).max(100),
  squareMm: mm,
  /** Squares of this color have an even column + row. */
  topLeftSquare: z.enum(["black", "white"]),
  sheet,
};

const charucoFields = {
  ...checkerFields,
  /** Side of the black marker in the middle of each white square. */
  markerMm: mm,
  /** Of OpenCV; mirrored markers of this one cannot be read as any marker. */
  dictionary: z.enum(["DICT_6X6_250"]),
  /** Markers follow each other row-major through the white squares, each with the next id. */
  firstMarkerId: z.int().min(0).max(249),
  /** Nine hex digits a marker: its 36 bits row-major from the top left, the first one highest; 1 is white. */
  markerBits: z.array(z.string().regex(/^[0-9a-f]{9}$/, "nine lower-case hex digits")),
};

/** Alternating squares, without or with markers. */
export type CheckerBoard = z.infer<z.ZodObject<typeof checkerFields>>;
export type CharucoBoard = z.infer<z.ZodObject<typeof charucoFields>>;

function checkSheet(board: CheckerBoard, context: z.RefinementCtx): void {
  const widthMm = board.squaresX * board.squareMm;
  const heightMm = board.squaresY * board.squareMm;
  if (widthMm <= board.sheet.widthMm && heightMm <= board.sheet.heightMm) return;
  const message = `is smaller than the pattern of ${widthMm} × ${heightMm} mm`;
  context.addIssue({ code: "custom", path: ["sheet"], message });
}

function checkMarkers(board: CharucoBoard, context: z.RefinementCtx): void {
  checkSheet(board, context);
  const cellMm = board.markerMm / (markerBitsOnASide[board.dictionary] + 2);
  if (board.squareMm - board.markerMm < 2 * cellMm) {
    const message = "leaves a white rim narrower than one cell of the marker";
    context.addIssue({ code: "custom", path: ["markerMm"], message });
  }
  const squares = board.squaresX * board.squaresY;
  const markers = board.topLeftSquare === "black" ? Math.floor(squares / 2) : Math.ceil(squares / 2);
  if (board.markerBits.length !== markers) {
    const message = `has ${board.markerBits.length} markers, the board has ${markers} white squares`;
    context.addIssue({ code: "custom", path: ["markerBits"], message });
  }
}

const heading = {
  format: z.literal("nearfar-target"),
  version: z.literal(1),
  /** The file's name without `.json`. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens"),
  title: z.string().min(1),
};

/** Inner corner n equals corner n of OpenCV's board of the same numbers (4.6 and later, where the top left is black). */
const charucoTarget = z
  .strictObject({ ...heading, kind: z.literal("charuco"), ...charucoFields })
  .superRefine(checkMarkers);

const chessboardTarget = z
  .strictObject({ ...heading, kind: z.literal("chessboard"), ...checkerFields })
  .superRefine(checkSheet);

/** Part of an assembly; its corners go by `<assembly id>-<part id>`. */
const assembledBoard = z
  .strictObject({
    ...charucoFields,
    id: heading.id,
    title: heading.title,
    /** `T_target_board`; the rotation is a unit quaternion (w, x, y, z). */
    pose: z.strictObject({
      translationMm: vector,
      rotation: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  })
  .superRefine(checkMarkers);
export type AssembledBoard = z.infer<typeof assembledBoard>;

/** A square tube, folded from card, that holds a board before the base. */
const post = z.strictObject({
  /** Id of the board that it carries, centred. */
  board: heading.id,
  sideMm: mm,
});

/** Boards at known depths. */
const assemblyTarget = z.strictObject({
  ...heading,
  kind: z.literal("assembly"),
  boards: z.array(assembledBoard).min(1),
  /** Dark card behind everything, centred; `zMm` is its front. Boards without a post are glued to it. */
  base: z.strictObject({ widthMm: mm, heightMm: mm, zMm: z.number() }),
  posts: z.array(post),
});

/** A chart of flat patches on a dark body, bought and not printed. */
const colorChartTarget = z.strictObject({
  ...heading,
  kind: z.literal("color-chart"),
  body: z.strictObject({ widthMm: mm, heightMm: mm }),
  columns: z.literal(6),
  rows: z.literal(4),
  patchMm: mm,
  /** From one patch's centre to the next; the grid is centred on the body. */
  pitchMm: mm,
  /** Whose reflectances the patches have: those of the editions after November 2014. */
  reference: z.enum(["colorchecker-after-2014"]),
  /** Names of the patches row-major from the top left. */
  patches: z.array(z.string()).length(24),
});

export const targetDefinition = z.discriminatedUnion("kind", [
  charucoTarget,
  chessboardTarget,
  assemblyTarget,
  colorChartTarget,
]);
export type TargetDefinition = z.infer<typeof targetDefinition>;
export type CharucoTarget = z.infer<typeof charucoTarget>;
export type ChessboardTarget = z.infer<typeof chessboardTarget>;
export type AssemblyTarget = z.infer<typeof assemblyTarget>;
export type ColorChartTarget = z.infer<typeof colorChartTarget>;

/** Targets without a file, which only the virtual rig has. */
export const builtInTargets = [
  { id: "led-counter", title: "LED counter: 12 × 8 LEDs that show shot and time" },
  { id: "point-light", title: "Point light on black velvet, to see ghosts" },
] as const;
