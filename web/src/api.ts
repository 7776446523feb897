import { useEffect, useState } from "preact/hooks";
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

/** Fetches `url` whenever it changes; an answer that comes too late is dropped. */
function useFetched<T>(url: string): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  useEffect(() => {
    let current = true;
    setLoaded({ state: "loading" });
    get<T>(url).then(
      (value) => current && setLoaded({ state: "ready", value }),
      (error: Error) => current && setLoaded({ state: "failed", message: error.message }),
    );
    return () => {
      current = false;
    };
  }, [url]);
  return loaded;
}

export const useSessions = (): Loaded<{ sessions: SessionRow[] }> => useFetched("/api/sessions");

export function useShots(sessionId: string, verdict: string | null): Loaded<{ shots: ShotRecord[] }> {
  const query = new URLSearchParams({ session: sessionId, ...(verdict === null ? {} : { verdict }) });
  return useFetched(`/api/shots?${query}`);
}

export const useShot = (shotId: number): Loaded<ShotRecord> => useFetched(`/api/shots/${shotId}`);

export const previewUrl = (shotId: number, arm: "near" | "far"): string => `/previews/${shotId}/${arm}.jpg`;
