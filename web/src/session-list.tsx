import type { VNode } from "preact";
import { type SessionRow, useSessions } from "./api.js";
import { linkTo } from "./location.js";
import { Pending } from "./pending.js";

function Row({ session }: { session: SessionRow }): VNode {
  return (
    <tr>
      <td>
        <a href={linkTo({ sessionId: session.sessionId })}>{session.sessionId}</a>
      </td>
      <td>{session.subjectId}</td>
      <td>{session.rigName}</td>
      <td>{new Date(session.startedAt).toLocaleString()}</td>
      <td>{session.endedAt === null ? "open" : "ended"}</td>
      <td class="number">{session.shots}</td>
      <td class="number">{session.pairs}</td>
      <td class="number keep">{session.verdicts.KEEP}</td>
      <td class="number warn">{session.verdicts.WARN}</td>
      <td class="number retake">{session.verdicts.RETAKE}</td>
      <td class="number broken">{session.verdicts.BROKEN}</td>
      <td class="number">{session.aligned}</td>
    </tr>
  );
}

export function SessionList(): VNode {
  return (
    <Pending of={useSessions()}>
      {({ sessions }) =>
        sessions.length === 0 ? (
          <p class="note">No session yet. `nearfar capture` makes one.</p>
        ) : (
          <table>
            <thead>
              <tr>
                {["Session", "Subject", "Rig", "Started", "State"].map((title) => (
                  <th key={title}>{title}</th>
                ))}
                {["Shots", "Pairs", "KEEP", "WARN", "RETAKE", "BROKEN", "Aligned"].map((title) => (
                  <th key={title} class="number">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <Row key={session.sessionId} session={session} />
              ))}
            </tbody>
          </table>
        )
      }
    </Pending>
  );
}
