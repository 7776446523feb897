import type { VNode } from "preact";
import type { Calibration } from "../../src/schema/calibration.js";
import { type CalibrationRow, reportUrl, useCalibrations, useGates } from "./api.js";
import { Pending } from "./pending.js";

const kindNames: Readonly<Record<Calibration["kind"], string>> = {
  sync: "timing",
  camera: "geometry of one camera",
  pair: "geometry of the pair",
  color: "color",
  light: "plate and light",
};

/** Titles of the gates that did not pass, the worst first. */
function OpenGates({ calibrationId }: { calibrationId: string }): VNode {
  return (
    <Pending of={useGates(calibrationId)}>
      {({ gates }) => (
        <>
          {gates
            .filter(({ state }) => state !== "PASS")
            .toSorted((a, b) => Number(b.state === "FAIL") - Number(a.state === "FAIL"))
            .map(({ id, title, state, advice }) => (
              <div key={id} title={advice ?? ""}>
                <span class={state === "FAIL" ? "fail" : "warn"}>{state}</span> {title}
              </div>
            ))}
        </>
      )}
    </Pending>
  );
}

function holdsUntil(expiresAt: string | null): string {
  if (expiresAt === null) return "the rig changes";
  const text = new Date(expiresAt).toLocaleString();
  return Date.parse(expiresAt) < Date.now() ? `expired ${text}` : text;
}

function Row({ calibration }: { calibration: CalibrationRow }): VNode {
  const { calibrationId, kind, createdAt, expiresAt, rigName, verdict } = calibration;
  return (
    <tr>
      <td>
        <a href={reportUrl(calibrationId)}>{calibrationId}</a>
      </td>
      <td>{kindNames[kind]}</td>
      <td>{rigName ?? "files"}</td>
      <td>{new Date(createdAt).toLocaleString()}</td>
      <td>{holdsUntil(expiresAt)}</td>
      <td class={verdict.toLowerCase()}>{verdict}</td>
      <td>{verdict !== "PASS" && <OpenGates calibrationId={calibrationId} />}</td>
    </tr>
  );
}

export function CalibrationList(): VNode {
  return (
    <section>
      <h2>Calibrations</h2>
      <Pending of={useCalibrations()}>
        {({ calibrations }) =>
          calibrations.length === 0 ? (
            <p class="note">No calibration yet. `nearfar calibrate` makes one.</p>
          ) : (
            <table>
              <thead>
                <tr>
                  {["Report", "Of", "Rig", "Made", "Holds until", "Verdict", "Gates that did not pass"].map(
                    (title) => (
                      <th key={title}>{title}</th>
                    ),
                  )}
                </tr>
              </thead>
              <tbody>
                {calibrations.map((calibration) => (
                  <Row key={calibration.calibrationId} calibration={calibration} />
                ))}
              </tbody>
            </table>
          )
        }
      </Pending>
    </section>
  );
}
