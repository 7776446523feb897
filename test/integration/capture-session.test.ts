/** How runs end, are taken up again and get over lost devices; on the virtual rig. */
import { afterEach, describe, expect, test } from "vitest";
import { planOfShots } from "../../src/capture/plan.js";
import type { CaptureRun } from "../../src/capture/run.js";
import type { RunEvent, RunState } from "../../src/capture/run-events.js";
import { resumeSession } from "../../src/capture/session.js";
import { type RigConfig, rigConfigSchema } from "../../src/schema/rig-config.js";
import { checkSession } from "../support/capture-faults.js";
import { CaptureStand, type StandOptions, standDistanceMm } from "../support/capture-stand.js";

let stand: CaptureStand | null = null;

async function start(options: StandOptions = {}): Promise<CaptureStand> {
  stand = await CaptureStand.start(options);
  return stand;
}

afterEach(async () => {
  await stand?.stop();
  stand = null;
});

/** Calls `action` once, at the `count`-th event that `matches`. */
function at(
  run: CaptureRun,
  matches: (event: RunEvent) => boolean,
  count: number,
  action: () => unknown,
): void {
  let seen = 0;
  run.subscribe((event) => {
    if (matches(event) && ++seen === count) action();
  });
}

const isShot = (event: RunEvent): boolean => event.kind === "shot";
const enters = (state: RunState) => (event: RunEvent) => event.kind === "state" && event.state === state;

function intent(sessionId: string) {
  const what = { distanceMm: standDistanceMm, expression: "neutral", pose: "frontal", repeat: 0 };
  return { sessionId, purpose: "pair" as const, planIndex: 0, retakeOf: null, ...what };
}

describe("the end of a run", () => {
  test("stop finishes the shot in flight and ends the session; resume completes the plan", async () => {
    const here = await start();
    const session = await here.startSession(8);
    const { sessionId } = session.record;
    const first = here.run(session);
    at(first, enters("firing"), 4, () => first.stop());
    const stopped = await first.start();
    expect(stopped).toMatchObject({ end: "stopped", progress: { done: 4, planned: 8 }, unfulfilled: 4 });
    await checkSession(here, { summary: stopped, unplugged: [] });
    expect((await here.dataset.session(sessionId))?.endedAt).not.toBeNull();

    const again = here.run(await resumeSession(here.dataset, sessionId, here.config, here.board));
    expect(again.status().progress).toMatchObject({ done: 4, planned: 8 });
    expect(await again.start()).toMatchObject({ end: "complete", unfulfilled: 0 });
    const shots = await here.dataset.shots({ sessionId, purpose: "pair" });
    expect(shots.map(({ planIndex }) => planIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("abort records what was fired and leaves the session open", async () => {
    const here = await start({ limits: { frameTimeoutMs: 30_000 } });
    const session = await here.startSession(5);
    const run = here.run(session);
    at(run, isShot, 2, () => void here.setFaults({ near: { missingFrame: 1 } }));
    // The frame never comes: without the abort the shot would wait for half a minute.
    at(run, enters("collecting"), 4, () => setTimeout(() => run.abort(), 100));
    const summary = await run.start();
    expect(summary.end).toBe("aborted");
    const { sessionId } = session.record;
    expect(await here.dataset.openShots(sessionId)).toEqual([]);
    expect((await here.dataset.session(sessionId))?.endedAt).toBeNull();
    const shots = await here.dataset.shots({ sessionId, purpose: "pair" });
    expect(shots.at(-1)).toMatchObject({ outcome: "near-missing", verdict: "RETAKE" });
  });

  test("a run is started once", async () => {
    const here = await start();
    const run = here.run(await here.startSession(1));
    const ended = run.start();
    expect(() => run.start()).toThrow(/started before/);
    await ended;
  });
});

describe("resume after a crash", () => {
  test("an open shot is not-fired when the board proves it, unknown otherwise; it is taken again", async () => {
    const here = await start();
    const session = await here.startSession(2);
    const { sessionId } = session.record;
    const run = here.run(session);
    at(run, enters("firing"), 1, () => run.stop());
    await run.start();
    const proved = await here.dataset.openShot({ ...intent(sessionId), planIndex: 1 });
    await resumeSession(here.dataset, sessionId, here.config, here.board);
    expect(await here.dataset.shot(proved.shotId)).toMatchObject({
      outcome: "not-fired",
      verdict: "RETAKE",
      reasons: ["interrupted", "not-fired"],
    });
    const doubtful = await here.dataset.openShot({ ...intent(sessionId), planIndex: 1 });
    await here.board.arm(doubtful.shotId, 1);
    expect(await here.board.fire(doubtful.shotId)).toMatchObject({ kind: "fired" });
    const resumed = await resumeSession(here.dataset, sessionId, here.config, here.board);
    expect(await here.dataset.shot(doubtful.shotId)).toMatchObject({ outcome: "unknown", frames: [] });
    expect(await here.run(resumed).start()).toMatchObject({ end: "complete", unfulfilled: 0 });
    const last = (await here.dataset.shots({ sessionId, purpose: "pair" })).at(-1);
    expect(last).toMatchObject({ planIndex: 1, retakeOf: doubtful.shotId, verdict: "KEEP" });
  });

  test("without the board an open shot is unknown", async () => {
    const here = await start();
    const { sessionId } = (await here.startSession(1)).record;
    const { shotId } = await here.dataset.openShot(intent(sessionId));
    await resumeSession(here.dataset, sessionId, here.config, null);
    expect(await here.dataset.shot(shotId)).toMatchObject({ outcome: "unknown", reasons: ["interrupted"] });
  });

  test("with another rig config it is refused, the differences are listed, nothing is changed", async () => {
    const here = await start();
    const { sessionId } = (await here.startSession(1)).record;
    await here.dataset.openShot(intent(sessionId));
    const near = { ...here.config.near, exposureUs: 4000 };
    const resume = resumeSession(here.dataset, sessionId, { ...here.config, near }, null);
    await expect(resume).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await expect(resume).rejects.toThrow("near.exposureUs: 5000, now 4000");
    expect(await here.dataset.openShots(sessionId)).toHaveLength(1);
    await expect(resumeSession(here.dataset, "none", here.config, null)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("a record from before a setting existed is taken up with the setting's default", async () => {
    const here = await start();
    const { virtual, ...rest } = JSON.parse(JSON.stringify(here.config)) as RigConfig;
    // As nearfar wrote it before the virtual rig had optics.
    const rigConfig = { ...rest, virtual: { seed: virtual?.seed, sensor: virtual?.sensor, scene: "plane" } };
    const old = await here.dataset.startSession({
      subject: { subjectId: "P001", consentRef: null },
      rigName: rest.name,
      rigConfig,
      plan: planOfShots(1, standDistanceMm),
      devices: {},
      softwareVersion: "test",
    });
    const now = rigConfigSchema.parse(rigConfig);
    const resumed = await resumeSession(here.dataset, old.sessionId, now, null);
    expect(resumed.record.sessionId).toBe(old.sessionId);
  });

  test("a plan beyond the rail is refused before a session exists", async () => {
    const here = await start();
    const plan = { format: "nearfar-plan", version: 1, distancesMm: [450, 1500] } as const;
    const rest = { expressions: ["neutral"], poses: ["frontal"], repeats: 1, countdownS: 0 };
    await expect(
      here.startSession({ ...plan, ...rest, distancesMm: [...plan.distancesMm] }),
    ).rejects.toMatchObject({
      code: "PLAN_INVALID",
    });
    expect(await here.dataset.sessions()).toEqual([]);
  });
});

describe("the operator", () => {
  test("shoots on command after the countdown, rejects, notes, skips and pauses", async () => {
    const here = await start();
    const session = await here.startSession({
      format: "nearfar-plan",
      version: 1,
      distancesMm: [standDistanceMm],
      expressions: ["neutral", "smile", "frown"],
      poses: ["frontal"],
      repeats: 1,
      countdownS: 0.4,
    });
    const run = here.run(session, { pacing: "on-command" });
    const reviews: Promise<void>[] = [];
    const seen: RunEvent[] = [];
    run.subscribe((event) => seen.push(event));
    at(run, enters("ready"), 1, () => run.shoot());
    at(run, isShot, 1, () => {
      reviews.push(run.note("eyes closed"), run.reject());
      run.shoot();
    });
    at(run, isShot, 2, () => run.skip());
    at(
      run,
      (event) => event.kind === "progress" && event.progress.done === 2,
      1,
      () => {
        run.pause();
        setTimeout(() => run.resume(), 50);
        setTimeout(() => run.shoot(), 100);
      },
    );
    const summary = await run.start();
    await Promise.all(reviews);
    expect(summary).toMatchObject({ end: "complete", unfulfilled: 0, progress: { done: 3, planned: 3 } });
    const { sessionId } = summary;
    const shots = await here.dataset.shots({ sessionId, purpose: "pair" });
    expect(shots.map(({ planIndex, verdict }) => [planIndex, verdict])).toEqual([
      [0, "KEEP"],
      [0, "KEEP"],
      [2, "KEEP"],
    ]);
    expect(shots[1]?.retakeOf).toBe(shots[0]?.shotId);
    expect(await here.dataset.reviews(sessionId)).toMatchObject([
      { shotId: shots[0]?.shotId, kind: "note", text: "eyes closed" },
      { shotId: shots[0]?.shotId, kind: "rejected" },
    ]);
    expect(seen.filter((event) => event.kind === "countdown").map(({ secondsLeft }) => secondsLeft)).toEqual([
      1, 0, 1, 0, 1, 0,
    ]);
    expect(seen.some(enters("paused"))).toBe(true);
  });
});

describe("lost devices", () => {
  test("an unplugged camera is waited for, opened again by serial and synced anew", async () => {
    const here = await start({ limits: { retakes: 20 } });
    const run = here.run(await here.startSession(12));
    const unplugged: { arm: "far"; atMs: number }[] = [];
    at(run, isShot, 4, () => {
      unplugged.push({ arm: "far", atMs: Date.now() });
      void here.setFaults({ far: { unplugged: true } });
      setTimeout(() => void here.setFaults({ far: { unplugged: false } }), 8000);
    });
    const warnings: string[] = [];
    run.subscribe((event) => {
      if (event.kind === "warning") warnings.push(event.warning.message);
    });
    const summary = await run.start();
    expect(summary).toMatchObject({ end: "complete", unfulfilled: 0 });
    expect(summary.totals.recoveries).toBe(1);
    expect(warnings.join()).toMatch(/camera/i);
    await checkSession(here, { summary, unplugged });
  });

  test("a board that boots anew is found again and the cameras are synced to its new ticks", async () => {
    const here = await start({ limits: { retakes: 5 } });
    const run = here.run(await here.startSession(12));
    at(run, isShot, 4, () => {
      void here.setFaults({ killedFirmware: true });
      setTimeout(() => void here.setFaults({ killedFirmware: false }), 500);
    });
    const summary = await run.start();
    expect(summary).toMatchObject({ end: "complete", unfulfilled: 0 });
    expect(summary.totals.recoveries).toBeGreaterThanOrEqual(1);
    const shots = await here.dataset.shots({ sessionId: summary.sessionId });
    expect(new Set(shots.map(({ bootId }) => bootId)).size).toBe(2);
    await checkSession(here, { summary, unplugged: [] });
  });

  test("a camera that never answers is named before the first shot, with what to check", async () => {
    const here = await start({ limits: { frameTimeoutMs: 300 } });
    await here.setFaults({ near: { missingFrame: 1 } });
    const run = here.run(await here.startSession(3));
    const failed = run.start();
    await expect(failed).rejects.toMatchObject({
      code: "SYNC_FAILED",
      message: expect.stringContaining("the near camera sent no frame"),
      advice: expect.stringContaining("It exposes"),
    });
    expect(run.status().state).toBe("failed");
    const { sessionId } = run.status();
    const shots = await here.dataset.shots({ sessionId });
    expect(shots.every(({ purpose, outcome }) => purpose === "sync" && outcome === "both-missing")).toBe(
      true,
    );
    expect((await here.dataset.session(sessionId))?.endedAt).toBeNull();
  });

  test("shots that are BROKEN one after the other end an unattended run", async () => {
    const here = await start({ limits: { frameTimeoutMs: 100, retakes: 0 } });
    const run = here.run(await here.startSession(30), { mostBroken: 3 });
    at(run, isShot, 2, () => void here.setFaults({ near: { stuckTrigger: true } }));
    await expect(run.start()).rejects.toMatchObject({ code: "RIG_FAILED" });
    expect(run.status()).toMatchObject({ state: "failed", lastShot: { verdict: "BROKEN" } });
    expect(run.status().totals.shotsByVerdict.BROKEN).toBeLessThan(6);
  });
});
