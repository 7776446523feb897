import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { AlignmentRecord } from "../../src/schema/alignment.js";
import { AlignedFiles } from "./aligned-files.js";
import { AlignedPictures } from "./aligned-pictures.js";
import { AlignmentNumbers } from "./alignment-numbers.js";
import { AlignmentVerdict } from "./alignment-verdict.js";
import { type AlignmentRow, type Loaded, useAlignment, useAlignments } from "./api.js";
import { type Camera, wholeImage } from "./camera.js";
import { KeyHelp } from "./key-help.js";
import { linkTo } from "./location.js";
import { Pending } from "./pending.js";
import { useKeys } from "./use-keys.js";

interface AlignedPairProps {
  readonly sessionId: string | null;
  readonly alignmentNumber: number;
}

/** One aligned pair: its pictures through one camera, its numbers, its files. The camera stays from pair to pair. */
export function AlignedPair({ sessionId, alignmentNumber }: AlignedPairProps): VNode {
  const [camera, moveCamera] = useState<Camera>(wholeImage);
  const listed = useAlignments(sessionId ?? "");
  const rows = rowsOf(listed);
  const place = rows.findIndex((row) => row.alignmentNumber === alignmentNumber);
  const row = rows[place];
  const loaded = useAlignment(alignmentNumber);
  // Pictures are asked for once: by the version that the list tells, when it comes.
  const judged = listed.state === "loading" ? undefined : (row ?? judgedOf(loaded));
  const linkOf = (neighbor: AlignmentRow | undefined): string | null =>
    place < 0 || neighbor === undefined
      ? null
      : linkTo({ sessionId, alignmentNumber: neighbor.alignmentNumber });
  const [previous, next] = [linkOf(rows[place - 1]), linkOf(rows[place + 1])];
  const go = (link: string | null): void => {
    if (link !== null) location.hash = link;
  };
  useKeys({ ArrowLeft: () => go(previous), ArrowRight: () => go(next) });
  return (
    <>
      <nav>
        <PairLink link={previous} text="← previous pair" />
        <PairLink link={next} text="next pair →" />
        {row !== undefined && <a href={linkTo({ sessionId, shotId: row.shotId })}>shot {row.shotId}</a>}
        <KeyHelp />
      </nav>
      {judged !== undefined && (
        <>
          <p class="judged">
            <AlignmentVerdict alignment={judged} />
          </p>
          <AlignedPictures
            alignmentNumber={alignmentNumber}
            version={row?.version ?? null}
            hasFlow={judged.hasFlow}
            camera={camera}
            moveCamera={moveCamera}
          />
        </>
      )}
      <Pending of={loaded}>
        {(record) => (
          <>
            <AlignmentNumbers record={record} />
            <AlignedFiles alignmentNumber={alignmentNumber} record={record} />
          </>
        )}
      </Pending>
    </>
  );
}

/** Of an alignment that the session does not list, because a later one took its place. */
function judgedOf(
  loaded: Loaded<AlignmentRecord>,
): Pick<AlignmentRow, "verdict" | "reasons" | "hasFlow"> | undefined {
  if (loaded.state !== "ready") return undefined;
  const { verdict, reasons, approximate, files } = loaded.value;
  return { verdict, reasons, hasFlow: !approximate && files.some(({ name }) => name === "nearToFar") };
}

function rowsOf(loaded: Loaded<{ readonly alignments: readonly AlignmentRow[] }>): readonly AlignmentRow[] {
  return loaded.state === "ready" ? loaded.value.alignments : [];
}

function PairLink({ link, text }: { link: string | null; text: string }): VNode {
  return link === null ? <span class="note">{text}</span> : <a href={link}>{text}</a>;
}
