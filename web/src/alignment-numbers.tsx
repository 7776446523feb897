import type { VNode } from "preact";
import type { AlignmentRecord } from "../../src/schema/alignment.js";
import { fitRows, type NumberRow, qualityRows, resolutionRows, subjectRows } from "./alignment-rows.js";
import { fixed } from "./numbers.js";

function NumberTable({ title, rows }: { title: string; rows: readonly NumberRow[] }): VNode {
  return (
    <section>
      <h2>{title}</h2>
      <table class="facts">
        <tbody>
          {rows.map(({ name, value, limit }) => (
            <tr key={name}>
              <th>{name}</th>
              <td>{value}</td>
              <td class="note">{limit}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ZoneTable({ record }: { record: AlignmentRecord }): VNode | null {
  const zones = record.rigFit?.zones ?? [];
  if (zones.length === 0) return null;
  return (
    <section>
      <h2>Tangential residual by zone</h2>
      <table>
        <thead>
          <tr>
            <th>Zone</th>
            {["Points", "rms, px", "chi²", "Texture, %"].map((title) => (
              <th key={title} class="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {zones.map(({ zone, points, tangentialRmsPx, chi2, texture }) => (
            <tr key={zone}>
              <td>{zone}</td>
              <td class="number">{points}</td>
              <td class="number">{fixed(tangentialRmsPx, 3)}</td>
              <td class="number">{fixed(chi2, 2)}</td>
              <td class="number">{fixed(100 * texture, 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** All numbers of an aligned pair, with units and limits, and what they cannot tell. */
export function AlignmentNumbers({ record }: { record: AlignmentRecord }): VNode {
  return (
    <>
      <div class="numbers">
        <div>
          <NumberTable title="Quality" rows={qualityRows(record)} />
          {record.subject !== null && <NumberTable title="Subject" rows={subjectRows(record.subject)} />}
        </div>
        <div>
          {record.rigFit !== null && (
            <NumberTable
              title="Rig, as fitted to this pair"
              rows={fitRows(record.rigFit, record.input.parameters.limits)}
            />
          )}
          <ZoneTable record={record} />
          <NumberTable title="Images" rows={resolutionRows(record)} />
        </div>
      </div>
      {record.blindTo.length > 0 && (
        <section>
          <h2>What this cannot see</h2>
          <ul>
            {record.blindTo.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
