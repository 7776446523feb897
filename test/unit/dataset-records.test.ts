import { readdir, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dataset, StoredObject } from "../../src/dataset/dataset.js";
import { type SessionRecord, triggerOutcomes, verdicts } from "../../src/schema/records.js";
import {
  frameBytes,
  frameRecord,
  intentOf,
  newSession,
  openStore,
  shotRecord,
  storePair,
  temporaryFolder,
} from "../support/dataset-fixtures.js";

describe("records of a dataset", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let dataset: Dataset;
  let session: SessionRecord;

  beforeEach(async () => {
    folder = await temporaryFolder();
    dataset = await openStore(folder.path);
    session = await dataset.startSession(newSession());
  });
  afterEach(async () => {
    await dataset.close();
    await folder.remove();
  });

  async function storeFrame(seed: number): Promise<StoredObject> {
    return dataset.writeObject([frameBytes(seed)], ".tif");
  }

  it("keeps a session as it was handed in, with its subject's consent", async () => {
    expect(session).toMatchObject({ ...newSession(), endedAt: null });
    expect(await dataset.session(session.sessionId)).toEqual(session);
    const ended = await dataset.endSession(session.sessionId);
    expect(ended).toEqual({ ...session, endedAt: ended.endedAt });
    expect(ended.endedAt).not.toBeNull();
  });

  it("gives back what JSON makes of a session, before and after a rebuild", async () => {
    const odd = await dataset.startSession(
      newSession({ plan: undefined, devices: { gain: Number.NaN, none: undefined } }),
    );
    expect(odd).toMatchObject({ plan: null, devices: { gain: null } });
    await dataset.close();
    await rm(`${folder.path}/nearfar.sqlite`);
    dataset = await openStore(folder.path);
    expect(await dataset.sessions()).toEqual([odd, session]);
  });

  it("lists sessions newest first and knows nothing of others", async () => {
    const second = await dataset.startSession(newSession({ rigName: "other" }));
    expect((await dataset.sessions()).map((each) => each.sessionId)).toEqual([
      second.sessionId,
      session.sessionId,
    ]);
    expect(await dataset.session("none")).toBeNull();
    await expect(dataset.endSession("none")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("keeps the consent of each session's start, before and after a rebuild", async () => {
    const references = async (): Promise<readonly (string | null)[]> =>
      (await dataset.sessions()).map((each) => each.subject.consentRef);
    for (const [subjectId, consentRef] of [
      ["P002", null],
      ["P001", null],
      ["P001", "form-18"],
      ["P002", "form-19"],
      ["P001", null],
    ] as const) {
      await dataset.startSession(newSession({ subject: { subjectId, consentRef } }));
    }
    const newestFirst = ["form-18", "form-19", "form-18", "form-17", null, "form-17"];
    expect(await references()).toEqual(newestFirst);
    await dataset.close();
    await rm(`${folder.path}/nearfar.sqlite`);
    dataset = await openStore(folder.path);
    expect(await references()).toEqual(newestFirst);
    const next = await dataset.startSession(newSession({ subject: { subjectId: "P001", consentRef: null } }));
    expect(next.subject.consentRef).toBe("form-18");
  });

  it("refuses a subject that is not a pseudonym", async () => {
    const named = newSession({ subject: { subjectId: "Jane Doe", consentRef: null } });
    await expect(dataset.startSession(named)).rejects.toMatchObject({ code: "USAGE" });
    expect(await dataset.sessions()).toHaveLength(1);
  });

  it("gives back every field of a pair, integers beyond 2^53 and floating point to the last bit", async () => {
    const first = await storePair(dataset, session);
    const retake = await storePair(dataset, session, {
      intent: { retakeOf: first.shotId, planIndex: null, distanceMm: 1 / 3 },
      shot: { hostTimeNs: "-9223372036854775808", clockResidualUs: null, skewUs: 0.1 + 0.2, verdict: "WARN" },
    });
    expect(await dataset.shot(first.shotId)).toEqual(first);
    expect(await dataset.shot(retake.shotId)).toEqual(retake);
    expect(await dataset.shots({})).toEqual([first, retake]);
  });

  it("refuses integers beyond 64 bits, which SQLite would clamp", async () => {
    const open = await dataset.openShot(intentOf(session));
    const shot = shotRecord(open, [], { outcome: "not-fired", hostTimeNs: "9223372036854775808" });
    await expect(dataset.commitShot(shot)).rejects.toMatchObject({ code: "USAGE" });
    expect(await dataset.openShots()).toEqual([open]);
  });

  it.each(triggerOutcomes.filter((outcome) => outcome !== "paired"))(
    "stores a shot that ended as %s",
    async (outcome) => {
      const open = await dataset.openShot(intentOf(session));
      const frame = frameRecord("far", await storeFrame(5), {
        outcome: "one-sided",
        quality: null,
        status: "timeout",
      });
      const shot = shotRecord(open, [frame], {
        outcome,
        verdict: "BROKEN",
        reasons: ["link-lost", "not-fired"],
      });
      await dataset.commitShot(shot);
      expect(await dataset.shot(open.shotId)).toEqual(shot);
      expect(await dataset.openShots()).toEqual([]);
    },
  );

  it.each(verdicts)("filters by verdict %s, outcome, purpose and session", async (verdict) => {
    const kept = await storePair(dataset, session, { shot: { verdict } });
    const sync = await dataset.openShot(intentOf(session, { purpose: "sync" }));
    const dry = shotRecord(sync, [], { verdict });
    await dataset.commitShot(dry);
    const other = await dataset.startSession(newSession());
    await storePair(dataset, other, { shot: { verdict } });

    const { sessionId } = session;
    expect(await dataset.shots({ sessionId, verdict, outcome: "paired", purpose: "pair" })).toEqual([kept]);
    expect(await dataset.shots({ sessionId, purpose: "sync" })).toEqual([dry]);
    expect(await dataset.shots({ outcome: "unknown" })).toEqual([]);
    expect((await dataset.shots({ limit: 2, offset: 1 })).map((shot) => shot.shotId)).toEqual([2, 3]);
  });

  it("keeps stray frames and reviews in their order", async () => {
    const shot = await storePair(dataset, session);
    const stray = {
      sessionId: session.sessionId,
      arm: "near",
      outcome: "extra",
      frameId: 4_294_967_297,
      deviceTimeNs: "9007199254740993",
      hostTimeNs: "1",
      shotId: null,
    } as const;
    const late = { ...stray, arm: "far", outcome: "late", shotId: shot.shotId } as const;
    await dataset.recordStray(stray);
    await dataset.recordStray(late);
    expect(await dataset.strays(session.sessionId)).toEqual([stray, late]);

    const review = {
      shotId: shot.shotId,
      kind: "rejected",
      text: "blinked",
      reviewedAt: shot.capturedAt,
    } as const;
    await dataset.recordReview(review);
    await dataset.recordReview({ ...review, kind: "note", text: null });
    expect(await dataset.reviews(session.sessionId)).toEqual([
      review,
      { ...review, kind: "note", text: null },
    ]);
    expect(await dataset.shot(shot.shotId)).toEqual(shot);
    await expect(dataset.recordReview({ ...review, shotId: 99 })).rejects.toMatchObject({ code: "USAGE" });
  });

  it("reads beside the writer and refuses to write when opened for reading only", async () => {
    const shot = await storePair(dataset, session);
    const reader = await openStore(folder.path, "read-only");
    expect(await reader.shots({})).toEqual([shot]);
    expect(reader.readOnly).toBe(true);
    await expect(reader.startSession(newSession())).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
    await expect(reader.writeObject([frameBytes(1)], ".tif")).rejects.toMatchObject({
      code: "STORE_READ_ONLY",
    });
    expect((await reader.audit({})).findings).toEqual([]);
    await reader.close();
  });

  it("says CLOSED after close, which may be called twice", async () => {
    await dataset.close();
    await dataset.close();
    await expect(dataset.sessions()).rejects.toMatchObject({ code: "CLOSED" });
    await expect(dataset.openShot(intentOf(session))).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("opens neither a missing store nor a folder of somebody else's", async () => {
    await expect(openStore(`${folder.path}/none`, "must-exist")).rejects.toMatchObject({
      code: "STORE_NOT_FOUND",
    });
    await expect(openStore(`${folder.path}/none`, "read-only")).rejects.toMatchObject({
      code: "STORE_NOT_FOUND",
    });
    const foreign = `${folder.path}/previews`;
    await writeFile(`${foreign}/thesis.tex`, "");
    await expect(openStore(foreign, "create-if-missing")).rejects.toMatchObject({ code: "STORE_NOT_FOUND" });
    expect(await readdir(foreign)).toEqual(["thesis.tex"]);
  });
});
