import type { ShotRecord, Verdict } from "../schema/records.js";

export interface VerdictCounts {
  readonly shots: number;
  readonly pairs: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

/** How many shots, how many of them paired, and how many of each verdict. */
export function countVerdicts(shots: readonly ShotRecord[]): VerdictCounts {
  const verdicts: Record<Verdict, number> = { KEEP: 0, WARN: 0, RETAKE: 0, BROKEN: 0 };
  for (const shot of shots) verdicts[shot.verdict] += 1;
  return { shots: shots.length, pairs: shots.filter((shot) => shot.outcome === "paired").length, verdicts };
}
