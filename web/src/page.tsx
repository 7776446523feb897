import type { VNode } from "preact";
import { AlignedPair } from "./aligned-pair.js";
import { CalibrationList } from "./calibration-list.js";
import { linkTo, usePlace } from "./location.js";
import { SessionList } from "./session-list.js";
import { ShotDetail } from "./shot-detail.js";
import { ShotGrid } from "./shot-grid.js";

/** One of four views: all sessions and calibrations, the shots of one session, one shot, one aligned pair. */
export function Page(): VNode {
  const place = usePlace();
  return (
    <>
      <header>
        <a class="brand" href={linkTo({})}>
          near<span>far</span>
        </a>
        {place.sessionId !== null && <a href={linkTo({ sessionId: place.sessionId })}>{place.sessionId}</a>}
        {place.shotId !== null && <span>shot {place.shotId}</span>}
        {place.alignmentNumber !== null && <span>aligned pair {place.alignmentNumber}</span>}
      </header>
      <main>
        {place.alignmentNumber !== null ? (
          <AlignedPair sessionId={place.sessionId} alignmentNumber={place.alignmentNumber} />
        ) : place.shotId !== null ? (
          <ShotDetail shotId={place.shotId} />
        ) : place.sessionId !== null ? (
          <ShotGrid sessionId={place.sessionId} verdict={place.verdict} />
        ) : (
          <>
            <SessionList />
            <CalibrationList />
          </>
        )}
      </main>
    </>
  );
}
