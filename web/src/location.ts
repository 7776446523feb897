import { useEffect, useState } from "preact/hooks";

/** What the page shows, all of it in the address, so that Back works and links can be shared. */
export interface Place {
  readonly sessionId: string | null;
  readonly verdict: string | null;
  readonly shotId: number | null;
  readonly alignmentNumber: number | null;
}

function wholeNumber(text: string | null): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : null;
}

export function placeOf(hash: string): Place {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    sessionId: query.get("session"),
    verdict: query.get("verdict"),
    shotId: wholeNumber(query.get("shot")),
    alignmentNumber: wholeNumber(query.get("alignment")),
  };
}

export function linkTo(place: Partial<Place>): string {
  const query = new URLSearchParams();
  if (place.sessionId) query.set("session", place.sessionId);
  if (place.verdict) query.set("verdict", place.verdict);
  if (place.shotId) query.set("shot", String(place.shotId));
  if (place.alignmentNumber) query.set("alignment", String(place.alignmentNumber));
  return `#${query}`;
}

/** The place in the address bar, kept current. */
export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const follow = (): void => setPlace(placeOf(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return place;
}
