/** Shows a run of alignments: one line a pair, what is left, and what came of all. */
import type { AlignProgress, AlignRunEvent, AlignRunSummary } from "../../alignment/run/run-events.js";
import type { Dataset } from "../../dataset/dataset.js";
import { note } from "../note.js";
import type { Terminal } from "../terminal.js";
import { formatDuration } from "../units.js";
import { alignedJson, alignedText, shotName } from "./aligned-text.js";

/** Lines come in the order of the events, though records are read between. */
export class RunDisplay {
  readonly #terminal: Terminal;
  readonly #dataset: Pick<Dataset, "readAlignment">;
  readonly #json: boolean;
  #last: AlignProgress | null = null;
  #printed: Promise<void> = Promise.resolve();

  constructor(terminal: Terminal, dataset: Pick<Dataset, "readAlignment">, json: boolean) {
    this.#terminal = terminal;
    this.#dataset = dataset;
    this.#json = json;
  }

  /** How far the run came; null before the first pair. */
  get progress(): AlignProgress | null {
    return this.#last;
  }

  show(event: AlignRunEvent): void {
    this.#last = event.progress;
    this.#printed = this.#printed.then(() => this.#print(event));
    // Told by `settled`; without this a record that cannot be read would end the process before.
    this.#printed.catch(() => {});
  }

  /** When all is printed. @throws what reading a record throws. */
  settled(): Promise<void> {
    return this.#printed;
  }

  async #print(event: AlignRunEvent): Promise<void> {
    if (this.#json) this.#terminal.print(JSON.stringify(await this.#lineOf(event)));
    else await this.#printText(event);
    this.#terminal.progress(progressText(event.progress));
  }

  async #lineOf(event: AlignRunEvent): Promise<object> {
    const { shotId, kind } = event;
    const head = { type: "alignment", state: kind, shotId };
    if (event.kind === "failed") {
      const { code, message, advice } = event;
      return { ...head, code, message, advice };
    }
    return { ...head, ...alignedJson(await this.#dataset.readAlignment(event.entry)) };
  }

  async #printText(event: AlignRunEvent): Promise<void> {
    const { shotId } = event;
    if (event.kind === "aligned") {
      const record = await this.#dataset.readAlignment(event.entry);
      this.#terminal.print(alignedText({ shotId, record }));
    }
    if (event.kind !== "failed") return;
    this.#terminal.print(`${shotName(shotId)} failed ${event.code}: ${event.message}`);
    note(this.#terminal, `      ${event.advice}`, false);
  }
}

/** `12 of 40 pairs · 21 a minute · 1:20 min left`. */
export function progressText({ done, all, pairsPerSecond, secondsLeft }: AlignProgress): string {
  return [
    `${done} of ${all} pairs`,
    ...(pairsPerSecond === null ? [] : [`${(60 * pairsPerSecond).toPrecision(2)} a minute`]),
    ...(secondsLeft === null || done === all ? [] : [`${formatDuration(secondsLeft)} left`]),
  ].join(" · ");
}

export function summaryLines(summary: AlignRunSummary): string[] {
  const { pairs, aligned, alreadyThere, failed, failedByCode, verdicts, reasons, seconds } = summary;
  const there = alreadyThere === 0 ? "" : `, ${alreadyThere} were there already`;
  const lost = failed === 0 ? "" : `, ${failed} failed`;
  const rate = aligned === 0 ? "" : ` (${((60 * aligned) / seconds).toPrecision(2)} a minute)`;
  return [
    `${pairs} ${pairs === 1 ? "pair" : "pairs"}: ${aligned} aligned in ${formatDuration(seconds)}${rate}${there}${lost}`,
    `verdicts  ${counted(verdicts)}`,
    ...(Object.keys(reasons).length === 0 ? [] : [`reasons   ${counted(reasons)}`]),
    ...(failed === 0 ? [] : [`errors    ${counted(failedByCode)}`]),
  ];
}

/** The most frequent first. */
function counted(counts: Readonly<Partial<Record<string, number>>>): string {
  const found = Object.entries(counts).filter((entry): entry is [string, number] => (entry[1] ?? 0) > 0);
  return (
    found
      .sort((a, b) => b[1] - a[1])
      .map(([name, count]) => `${count} ${name}`)
      .join(", ") || "none"
  );
}
