import type { VNode } from "preact";
import { type ShotRecord, verdicts } from "../../src/schema/records.js";
import { useShots } from "./api.js";
import { FramePicture } from "./frame-picture.js";
import { linkTo } from "./location.js";
import { Pending } from "./pending.js";

const skewText = (shot: ShotRecord): string =>
  shot.skewUs === null ? `skew ${shot.skewKind}` : `skew ${shot.skewUs.toFixed(1)} µs ${shot.skewKind}`;

function Card({ shot }: { shot: ShotRecord }): VNode {
  return (
    <a class="card" href={linkTo({ sessionId: shot.sessionId, shotId: shot.shotId })}>
      <div class="pair">
        <FramePicture shot={shot} arm="near" />
        <FramePicture shot={shot} arm="far" />
      </div>
      <div class="caption">
        <b class={shot.verdict.toLowerCase()}>{shot.verdict}</b> #{shot.shotId} · {shot.distanceMm} mm ·{" "}
        {shot.expression} · {shot.pose}
        <small>
          {shot.outcome} · {skewText(shot)}
          {shot.reasons.length > 0 && ` · ${shot.reasons.join(", ")}`}
        </small>
      </div>
    </a>
  );
}

/** The shots of one session as near/far thumbnails, by verdict if one is chosen. */
export function ShotGrid({ sessionId, verdict }: { sessionId: string; verdict: string | null }): VNode {
  return (
    <>
      <nav>
        <a class={verdict === null ? "chosen" : ""} href={linkTo({ sessionId })}>
          all
        </a>
        {verdicts.map((name) => (
          <a key={name} class={verdict === name ? "chosen" : ""} href={linkTo({ sessionId, verdict: name })}>
            {name}
          </a>
        ))}
      </nav>
      <Pending of={useShots(sessionId, verdict)}>
        {({ shots }) =>
          shots.length === 0 ? (
            <p class="note">No such shot in this session.</p>
          ) : (
            <div class="grid">
              {shots.map((shot) => (
                <Card key={shot.shotId} shot={shot} />
              ))}
            </div>
          )
        }
      </Pending>
    </>
  );
}
