/** Begins a capture session, or takes up one that was left. */
import { CallerError, WorldError } from "../base/errors.js";
import type { Dataset, OpenShot } from "../dataset/dataset.js";
import type { TriggerBoard } from "../devices/contract/trigger-board.js";
import { type CapturePlan, capturePlanSchema } from "../schema/capture-plan.js";
import type { SessionRecord, ShotRecord, Subject, TriggerOutcome } from "../schema/records.js";
import { type RigConfig, rigConfigSchema } from "../schema/rig-config.js";
import { requireVirtualFace } from "../schema/virtual-faces.js";
import { differences } from "./config-difference.js";
import { plannedShots } from "./plan.js";
import { PlanProgress } from "./plan-progress.js";

/** What a run needs to know of the session it works in. */
export interface CaptureSession {
  readonly record: SessionRecord;
  readonly plan: CapturePlan;
  /** Shots of the plan that earlier runs committed, in order. */
  readonly earlierShots: readonly ShotRecord[];
  /** Of these, the ones the operator rejected. */
  readonly rejectedShotIds: readonly number[];
}

export interface SessionStart {
  readonly subject: Subject;
  readonly config: RigConfig;
  readonly plan: CapturePlan;
  /** Everything that identifies what takes the pictures. */
  readonly devices: unknown;
  readonly softwareVersion: string;
  /** Ids of the calibrations in force (calibrations-in-force.ts). */
  readonly calibrations: readonly string[];
}

/** @throws CallerError PLAN_INVALID when the plan asks for a distance outside the rail's travel. */
export async function startSession(dataset: Dataset, start: SessionStart): Promise<CaptureSession> {
  const { subject, config, plan, devices, softwareVersion, calibrations } = start;
  requireWithinRail(plan, config);
  const rigName = config.name;
  const session = { subject, rigName, rigConfig: config, plan, devices, softwareVersion, calibrations };
  const record = await dataset.startSession(session);
  return { record, plan, earlierShots: [], rejectedShotIds: [] };
}

/**
 * Takes up a session: closes the shots that a crashed run left open, each with what can be proved,
 * frees what it left in `incoming/`, and reads what was captured so far.
 *
 * @param board the session's board, when it is at hand: it may prove that an open shot never fired.
 * @throws CallerError NOT_FOUND; CONFIG_INVALID when `config` is not the session's, with every
 *   difference. Nothing has been changed then.
 */
export async function resumeSession(
  dataset: Dataset,
  sessionId: string,
  config: RigConfig,
  board: Pick<TriggerBoard, "identity" | "status"> | null,
): Promise<CaptureSession> {
  const record = await dataset.session(sessionId);
  if (record === null) {
    throw new CallerError("NOT_FOUND", `there is no session ${sessionId} in this store`, {
      advice: "`nearfar session list` shows the sessions.",
    });
  }
  requireSameRig(record, config);
  const plan = planOf(record);
  await closeOpenShots(dataset, record, board);
  await dataset.sweepIncoming();
  const earlierShots = await dataset.shots({ sessionId, purpose: "pair" });
  const reviews = await dataset.reviews(sessionId);
  const rejectedShotIds = reviews.filter(({ kind }) => kind === "rejected").map(({ shotId }) => shotId);
  return { record, plan, earlierShots, rejectedShotIds };
}

/** @throws CallerError PLAN_INVALID when the plan asks for a distance outside the rail's travel. */
export function requireWithinRail(plan: CapturePlan, config: RigConfig): void {
  const { minMm, maxMm } = config.rail;
  const outside = plan.distancesMm.filter((distanceMm) => distanceMm < minMm || distanceMm > maxMm);
  if (outside.length === 0) return;
  throw new CallerError("PLAN_INVALID", `the rail does not reach ${outside.join(", ")} mm`, {
    advice: `Plan distances from ${minMm} to ${maxMm} mm, the rail's travel in the rig config.`,
  });
}

/**
 * A virtual subject makes the faces it knows and no others.
 * @throws CallerError PLAN_INVALID when the plan asks for another of a virtual rig.
 */
export function requireVirtualFaces(plan: CapturePlan, config: RigConfig): void {
  const scene = { ...config.virtual?.scene, ...plan.virtual?.scene };
  if (config.virtual === undefined || scene.scene !== "subject") return;
  for (const shot of plannedShots(plan)) requireVirtualFace(shot);
}

/** True when the session was ended and its plan owes no shot and leaves none open. */
export async function isFinished(dataset: Dataset, record: SessionRecord): Promise<boolean> {
  const { sessionId } = record;
  if (record.endedAt === null || (await dataset.openShots(sessionId)).length > 0) return false;
  const config = rigConfigSchema.parse(record.rigConfig);
  const progress = new PlanProgress(plannedShots(planOf(record)), config.limits.retakes);
  for (const shot of await dataset.shots({ sessionId, purpose: "pair" })) progress.record(shot);
  for (const review of await dataset.reviews(sessionId)) {
    if (review.kind === "rejected") progress.reject(review.shotId);
  }
  return progress.next() === null;
}

function requireSameRig(record: SessionRecord, config: RigConfig): void {
  // Through JSON, as the stored one went: a field that is undefined is absent in both.
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  // What nearfar has learnt to configure since gets its default, as it does in the config at hand.
  const stored = rigConfigSchema.safeParse(record.rigConfig);
  const before = stored.success ? plain(stored.data) : record.rigConfig;
  const changed = differences(before, plain(config));
  if (changed.length === 0) return;
  const list = changed.map((line) => `\n  ${line}`).join("");
  throw new CallerError(
    "CONFIG_INVALID",
    `session ${record.sessionId} began with another rig config:${list}`,
    {
      advice: "Resume with the rig config of the session, or start a new session.",
    },
  );
}

/** The plan that a session began with. @throws WorldError FILE_CORRUPT */
export function planOf(record: SessionRecord): CapturePlan {
  const parsed = capturePlanSchema.safeParse(record.plan);
  if (parsed.success) return parsed.data;
  throw new WorldError("FILE_CORRUPT", `the plan of session ${record.sessionId} cannot be read`, {
    advice: "Run `nearfar session audit`; the shots are safe, start a new session for the rest.",
    cause: parsed.error,
  });
}

async function closeOpenShots(
  dataset: Dataset,
  record: SessionRecord,
  board: Pick<TriggerBoard, "identity" | "status"> | null,
): Promise<void> {
  const open = await dataset.openShots(record.sessionId);
  if (open.length === 0) return;
  const proved = board !== null && (await nothingFiredSince(dataset, record, board));
  for (const shot of open) await dataset.commitShot(interruptedShot(shot, proved ? "not-fired" : "unknown"));
}

/**
 * True when the board still runs the boot of the last committed shot and has counted no trigger
 * after it: then no open shot can have fired.
 */
async function nothingFiredSince(
  dataset: Dataset,
  record: SessionRecord,
  board: Pick<TriggerBoard, "identity" | "status">,
): Promise<boolean> {
  const shots = await dataset.shots({ sessionId: record.sessionId });
  const ofThisBoot = shots.filter(({ bootId }) => bootId === board.identity.bootId);
  const last = ofThisBoot.reduce((most, { triggerNumber }) => Math.max(most, triggerNumber ?? 0), 0);
  if (last === 0) return false;
  return (await board.status()).triggersSinceBoot === last;
}

function interruptedShot(
  open: OpenShot,
  outcome: Extract<TriggerOutcome, "not-fired" | "unknown">,
): ShotRecord {
  const { openedAt, ...intent } = open;
  const none = { near: null, far: null };
  return {
    ...intent,
    capturedAt: openedAt,
    bootId: null,
    triggerNumber: null,
    edgeTick: none,
    exposureStartTick: none,
    exposureEndTick: none,
    strobeTick: null,
    hostTimeNs: null,
    clockResidualUs: null,
    skewUs: null,
    skewKind: "unknown",
    outcome,
    verdict: "RETAKE",
    reasons: outcome === "not-fired" ? ["interrupted", "not-fired"] : ["interrupted"],
    frames: [],
  };
}
