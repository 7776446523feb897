/** When each shot of a run was fired, had its frames, and was acknowledged by the dataset. */
import type { CaptureRun } from "../../src/capture/run.js";
import type { RunEvent, RunState } from "../../src/capture/run-events.js";

interface ShotTime {
  readonly firedMs: number;
  collectedMs?: number;
  acknowledgedMs?: number;
  paired?: boolean;
}

export class ShotTimes {
  readonly #run: CaptureRun;
  readonly #shots = new Map<number, ShotTime>();
  #latest: ShotTime | null = null;

  constructor(run: CaptureRun) {
    this.#run = run;
    run.subscribe((event) => this.#note(event, performance.now()));
  }

  /** Of the shots that became pairs, but the last one: from fire to both frames at the host, in ms. */
  get fireToFramesMs(): number[] {
    return this.#pairs().flatMap(({ firedMs, collectedMs }) =>
      collectedMs === undefined ? [] : [collectedMs - firedMs],
    );
  }

  /** Of the shots that became pairs: from fire to the acknowledgement, in ms. */
  get fireToAcknowledgedMs(): number[] {
    return this.#pairs().map(({ firedMs, acknowledgedMs }) => (acknowledgedMs ?? Number.NaN) - firedMs);
  }

  /** Pairs acknowledged per second, from the first fire to the last acknowledgement. */
  get pairsPerSecond(): number {
    const shots = [...this.#shots.values()];
    const firstMs = Math.min(...shots.map((shot) => shot.firedMs));
    const lastMs = Math.max(...shots.map((shot) => shot.acknowledgedMs ?? Number.NaN));
    return this.#pairs().length / ((lastMs - firstMs) / 1000);
  }

  #pairs(): ShotTime[] {
    return [...this.#shots.values()].filter((shot) => shot.paired);
  }

  #note(event: RunEvent, nowMs: number): void {
    if (event.kind === "state") this.#noteState(event.state, nowMs);
    if (event.kind !== "shot") return;
    const shot = this.#shots.get(event.shot.shotId);
    if (shot === undefined) return;
    shot.acknowledgedMs = nowMs;
    shot.paired = event.shot.outcome === "paired";
  }

  #noteState(state: RunState, nowMs: number): void {
    const { shotId } = this.#run.status();
    // Dry triggers fire without a shot of the plan.
    if (state === "firing" && shotId !== null) {
      this.#latest = { firedMs: nowMs };
      this.#shots.set(shotId, this.#latest);
    }
    // The run is ready for the next shot when it has the frames of this one; after the last it
    // first waits for the store.
    if (state === "ready" && this.#latest !== null) {
      this.#latest.collectedMs = nowMs;
      this.#latest = null;
    }
  }
}
