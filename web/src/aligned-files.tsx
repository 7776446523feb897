import type { VNode } from "preact";
import { type AlignmentRecord, alignmentFiles } from "../../src/schema/alignment.js";
import { alignedFileUrl, pictureUrl } from "./api.js";
import { fixed } from "./numbers.js";

/** Links to all that is kept of an aligned pair, and to pictures to be saved. */
export function AlignedFiles(props: { alignmentNumber: number; record: AlignmentRecord }): VNode {
  const { alignmentNumber, record } = props;
  return (
    <section>
      <h2>Files</h2>
      <p class="files">
        <a href={`/api/alignments/${alignmentNumber}`}>record.json</a>
        {record.files.map(({ name, bytes }) => (
          <a key={name} href={alignedFileUrl(alignmentNumber, name, alignmentFiles[name])}>
            {name}
            {alignmentFiles[name]} <small>{fixed(bytes / 1e6, 1)} MB</small>
          </a>
        ))}
      </p>
      <p class="files">
        <a href={pictureUrl(alignmentNumber, "blink", null)}>blink.webp</a>
        <a href={`${pictureUrl(alignmentNumber, "blink", null)}?format=gif`}>blink.gif</a>
        <a href={pictureUrl(alignmentNumber, "anaglyph", null)}>anaglyph</a>
      </p>
    </section>
  );
}
