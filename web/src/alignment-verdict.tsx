import type { VNode } from "preact";
import {
  type AlignmentReason,
  alignmentReasons,
  type AlignmentVerdict as Verdict,
} from "../../src/schema/alignment.js";

interface Judged {
  readonly verdict: Verdict;
  readonly reasons: readonly AlignmentReason[];
}

/** An aligned pair's verdict and, in words, why. */
export function AlignmentVerdict({ alignment }: { alignment: Judged }): VNode {
  const { verdict, reasons } = alignment;
  return (
    <>
      aligned: <b class={verdict}>{verdict}</b>
      {reasons.map((reason) => (
        <small key={reason}>{alignmentReasons[reason]}</small>
      ))}
    </>
  );
}
