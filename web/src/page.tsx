import type { VNode } from "preact";
import { CalibrationList } from "./calibration-list.js";
import { linkTo, usePlace } from "./location.js";
import { SessionList } from "./session-list.js";
import { ShotDetail } from "./shot-detail.js";
import { ShotGrid } from "./shot-grid.js";

/** One of three views: all sessions and calibrations, the shots of one session, one shot. */
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
      </header>
      <main>
        {place.shotId !== null ? (
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
