import { useEffect, useState } from "preact/hooks";
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
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  useEffect(() => {
    let current = true;
    setLoaded({ state: "loading" });
    fetched<T>(url, () => current).then(
      (value) => current && value !== null && setLoaded({ state: "ready", value }),
      (error: Error) => current && setLoaded({ state: "failed", message: error.message }),
    );
    return () => {
      current = false;
    };
  }, [url, fetched]);
  return loaded;
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
