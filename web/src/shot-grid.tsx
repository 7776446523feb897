import type { VNode } from "preact";
import { type ShotRecord, verdicts } from "../../src/schema/records.js";
import { AlignmentVerdict } from "./alignment-verdict.js";
import { type AlignmentRow, useAlignments, useShots } from "./api.js";
import { FramePicture } from "./frame-picture.js";
import { linkTo } from "./location.js";
import { Pending } from "./pending.js";

const skewText = (shot: ShotRecord): string =>
  shot.skewUs === null ? `skew ${shot.skewKind}` : `skew ${shot.skewUs.toFixed(1)} µs ${shot.skewKind}`;

function Card({ shot, alignment }: { shot: ShotRecord; alignment: AlignmentRow | undefined }): VNode {
  return (
    <div class="card">
      <a href={linkTo({ sessionId: shot.sessionId, shotId: shot.shotId })}>
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
      {alignment !== undefined && (
        <a
          class="caption aligned"
          href={linkTo({ sessionId: shot.sessionId, alignmentNumber: alignment.alignmentNumber })}
        >
          <AlignmentVerdict alignment={alignment} />
        </a>
      )}
    </div>
  );
}

/** The shots of one session as near/far thumbnails, by verdict if one is chosen. */
export function ShotGrid({ sessionId, verdict }: { sessionId: string; verdict: string | null }): VNode {
  const alignments = useAlignments(sessionId);
  const alignmentOf = (shotId: number): AlignmentRow | undefined =>
    alignments.state === "ready"
      ? alignments.value.alignments.find((candidate) => candidate.shotId === shotId)
      : undefined;
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
                <Card key={shot.shotId} shot={shot} alignment={alignmentOf(shot.shotId)} />
              ))}
            </div>
          )
        }
      </Pending>
    </>
  );
}
