import { useEffect, useState } from "preact/hooks";
import type {
  AlignmentFileExtension,
  AlignmentFileName,
  AlignmentQuality,
  AlignmentReason,
  AlignmentRecord,
  AlignmentVerdict,
} from "../../src/schema/alignment.js";
import type { Calibration } from "../../src/schema/calibration.js";
import type { Gate } from "../../src/schema/calibration-header.js";
import type { ShotRecord, Verdict } from "../../src/schema/records.js";

/** A row of `GET /api/sessions`. */
export interface SessionRow {
  readonly sessionId: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly subjectId: string;
  readonly rigName: string;
  readonly shots: number;
  readonly pairs: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Shots with an aligned pair. */
  readonly aligned: number;
}

/** A row of `GET /api/calibrations`. */
export interface CalibrationRow {
  readonly calibrationId: string;
  readonly kind: Calibration["kind"];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** Null when only files were calibrated. */
  readonly rigName: string | null;
  readonly verdict: Calibration["verdict"];
}

/** A row of `GET /api/alignments`: the newest alignment of a shot. */
export interface AlignmentRow {
  readonly alignmentNumber: number;
  readonly shotId: number;
  readonly createdAt: string;
  readonly verdict: AlignmentVerdict;
  readonly reasons: readonly AlignmentReason[];
  readonly approximate: boolean;
  readonly hasFlow: boolean;
  readonly quality: AlignmentQuality;
  /** What is asked for with it may be kept for good. */
  readonly version: string;
}

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "ready"; readonly value: T };

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url);
  const body = await response.json();
  if (!response.ok) throw new Error(body.message ?? `the server answered ${response.status}`);
  return body as T;
}

type Fetch = <T>(url: string, isWanted: () => boolean) => Promise<T | null>;

let lastInTurn: Promise<unknown> = Promise.resolve();

/** One after the other, so that a long list does not ask for everything at once; null when nobody waits any more. */
function getInTurn<T>(url: string, isWanted: () => boolean): Promise<T | null> {
  const turn = lastInTurn.then(() => (isWanted() ? get<T>(url) : null));
  lastInTurn = turn.catch(() => null);
  return turn;
}

/** Fetches `url` whenever it changes; an answer that comes too late is dropped. */
function useFetched<T>(url: string, fetched: Fetch = get): Loaded<T> {
  const [answer, setAnswer] = useState<{ readonly url: string; readonly loaded: Loaded<T> } | null>(null);
  useEffect(() => {
    let current = true;
    const settle = (loaded: Loaded<T>): void => {
      if (current) setAnswer({ url, loaded });
    };
    fetched<T>(url, () => current).then(
      (value) => value !== null && settle({ state: "ready", value }),
      (error: Error) => settle({ state: "failed", message: error.message }),
    );
    return () => {
      current = false;
    };
  }, [url, fetched]);
  return answer?.url === url ? answer.loaded : { state: "loading" };
}

export const useSessions = (): Loaded<{ sessions: SessionRow[] }> => useFetched("/api/sessions");

export const useCalibrations = (): Loaded<{ calibrations: CalibrationRow[] }> =>
  useFetched("/api/calibrations");

export const useGates = (calibrationId: string): Loaded<{ gates: Gate[] }> =>
  useFetched(`/api/calibrations/${calibrationId}/summary`, getInTurn);

export const reportUrl = (calibrationId: string): string => `/calibrations/${calibrationId}/report`;

export function useShots(sessionId: string, verdict: string | null): Loaded<{ shots: ShotRecord[] }> {
  const query = new URLSearchParams({ session: sessionId, ...(verdict === null ? {} : { verdict }) });
  return useFetched(`/api/shots?${query}`);
}

export const useShot = (shotId: number): Loaded<ShotRecord> => useFetched(`/api/shots/${shotId}`);

export const previewUrl = (shotId: number, arm: "near" | "far"): string => `/previews/${shotId}/${arm}.jpg`;

/** The server gives no more at once. */
const pageLimit = 200;

const alignmentUrl = (alignmentNumber: number): string => `/api/alignments/${alignmentNumber}`;

interface AlignmentPage {
  readonly alignments: readonly AlignmentRow[];
}

/** All pages of a list of alignments. */
async function getAlignments<T>(url: string): Promise<T> {
  const alignments: AlignmentRow[] = [];
  for (;;) {
    const page = await get<AlignmentPage>(`${url}&limit=${pageLimit}&offset=${alignments.length}`);
    alignments.push(...page.alignments);
    if (page.alignments.length < pageLimit) return { alignments } as T;
  }
}

export function useAlignments(sessionId: string): Loaded<AlignmentPage> {
  return useFetched(`/api/alignments?${new URLSearchParams({ session: sessionId })}`, getAlignments);
}

/** The newest one of a shot, or none. */
export const useShotAlignment = (shotId: number): Loaded<AlignmentPage> =>
  useFetched(`/api/alignments?shot=${shotId}`);

export const useAlignment = (alignmentNumber: number): Loaded<AlignmentRecord> =>
  useFetched(alignmentUrl(alignmentNumber));

/** `version`: of the alignment's row, when it is known. */
export function pictureUrl(alignmentNumber: number, kind: string, version: string | null): string {
  return `${alignmentUrl(alignmentNumber)}/pictures/${kind}${version === null ? "" : `?v=${version}`}`;
}

export const alignedFileUrl = (
  alignmentNumber: number,
  name: AlignmentFileName,
  extension: AlignmentFileExtension,
): string => `${alignmentUrl(alignmentNumber)}/files/${name}${extension}`;
