import type { VNode } from "preact";
import { reasonCodes, type ShotRecord } from "../../src/schema/records.js";
import { AlignmentVerdict } from "./alignment-verdict.js";
import { useShot, useShotAlignment } from "./api.js";
import { FramePicture } from "./frame-picture.js";
import { linkTo } from "./location.js";
import { Pending } from "./pending.js";

const arms = ["near", "far"] as const;

function Facts({ shot }: { shot: ShotRecord }): VNode {
  const rows: [string, string][] = [
    ["Verdict", shot.verdict],
    ["Outcome", shot.outcome],
    ...shot.reasons.map((code): [string, string] => [code, reasonCodes[code]]),
    ["Captured", shot.capturedAt],
    ["Distance", `${shot.distanceMm} mm`],
    ["Expression, pose, repeat", `${shot.expression}, ${shot.pose}, ${shot.repeat}`],
    ["Retake of", shot.retakeOf === null ? "none" : `#${shot.retakeOf}`],
    [
      "Skew (near − far)",
      shot.skewUs === null ? shot.skewKind : `${shot.skewUs.toFixed(2)} µs, ${shot.skewKind}`,
    ],
    ["Trigger", `${shot.triggerNumber ?? "none"} of boot ${shot.bootId ?? "unknown"}`],
    [
      "Exposure start (ticks of 62.5 ns)",
      arms.map((arm) => shot.exposureStartTick[arm] ?? "none").join(" · "),
    ],
    ["Clock residual", shot.clockResidualUs === null ? "none" : `${shot.clockResidualUs.toFixed(1)} µs`],
    ...shot.frames.flatMap((frame): [string, string][] => [
      [
        `${frame.arm} frame`,
        `${frame.outcome}, ${frame.widthPx} × ${frame.heightPx} px, ${frame.pixelFormat}`,
      ],
      [`${frame.arm} exposure`, `${frame.exposureUs} µs, ${frame.gainDb} dB`],
      [`${frame.arm} object`, frame.objectSha256],
    ]),
  ];
  return (
    <table class="facts">
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th>{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function AlignmentLink({ shot }: { shot: ShotRecord }): VNode {
  return (
    <Pending of={useShotAlignment(shot.shotId)}>
      {({ alignments }) => (
        <>
          {alignments.map((alignment) => (
            <p key={alignment.alignmentNumber} class="judged">
              <AlignmentVerdict alignment={alignment} />{" "}
              <a href={linkTo({ sessionId: shot.sessionId, alignmentNumber: alignment.alignmentNumber })}>
                see the aligned pair
              </a>
            </p>
          ))}
        </>
      )}
    </Pending>
  );
}

export function ShotDetail({ shotId }: { shotId: number }): VNode {
  return (
    <Pending of={useShot(shotId)}>
      {(shot) => (
        <>
          <div class="pair large">
            {arms.map((arm) => (
              <figure key={arm}>
                <FramePicture shot={shot} arm={arm} />
                <figcaption>{arm}</figcaption>
              </figure>
            ))}
          </div>
          <AlignmentLink shot={shot} />
          <Facts shot={shot} />
        </>
      )}
    </Pending>
  );
}
