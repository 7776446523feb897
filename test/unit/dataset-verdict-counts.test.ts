import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/base/log.js";
import { SqliteConnection } from "../../src/dataset/sqlite-connection.js";
import { noVerdicts } from "../../src/dataset/verdict-counts.js";
import type { SessionRecord } from "../../src/schema/records.js";
import { createApp } from "../../src/server/app.js";
import { jsonLines, runCli } from "../support/cli.js";
import {
  intentOf,
  newSession,
  openStore,
  shotRecord,
  storePair,
  temporaryFolder,
} from "../support/dataset-fixtures.js";

const countsOfFirst = { shots: 4, pairs: 3, verdicts: { KEEP: 2, WARN: 1, RETAKE: 0, BROKEN: 1 } };
const countsOfSecond = { shots: 1, pairs: 1, verdicts: { KEEP: 0, WARN: 0, RETAKE: 1, BROKEN: 0 } };

describe("counts of verdicts", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let first: SessionRecord;
  let second: SessionRecord;
  let empty: SessionRecord;

  /** A closed store: three sessions, of which the last has only a dry trigger and an open shot. */
  beforeEach(async () => {
    folder = await temporaryFolder();
    const dataset = await openStore(folder.path);
    first = await dataset.startSession(newSession());
    second = await dataset.startSession(newSession());
    empty = await dataset.startSession(newSession());
    for (const verdict of ["KEEP", "WARN", "KEEP"] as const) {
      await storePair(dataset, first, { shot: { verdict } });
    }
    const failed = await dataset.openShot(intentOf(first));
    await dataset.commitShot(shotRecord(failed, [], { outcome: "not-fired", verdict: "BROKEN" }));
    await storePair(dataset, second, { shot: { verdict: "RETAKE" } });
    const dry = await dataset.openShot(intentOf(empty, { purpose: "sync" }));
    await dataset.commitShot(shotRecord(dry, []));
    await dataset.openShot(intentOf(empty));
    await dataset.close();
  });
  afterEach(() => folder.remove());

  /** From now on a shot cannot be read, since its frames cannot. */
  async function dropFrames(): Promise<void> {
    const connection = await SqliteConnection.open(`${folder.path}/nearfar.sqlite`, { access: "write" });
    await connection.execute("PRAGMA foreign_keys = OFF; DROP TABLE frame;");
    await connection.close();
  }

  it("are those of the committed pairs of every session", async () => {
    const dataset = await openStore(folder.path, "read-only");
    expect(await dataset.verdictCounts()).toEqual(
      new Map([
        [first.sessionId, countsOfFirst],
        [second.sessionId, countsOfSecond],
        [empty.sessionId, noVerdicts],
      ]),
    );
    await dataset.close();
  });

  it("reach the server's list of sessions without a shot being read", async () => {
    await dropFrames();
    const dataset = await openStore(folder.path, "read-only");
    const server = createApp({ dataset, pageFolder: folder.path, logger: silentLogger }).listen(
      0,
      "127.0.0.1",
    );
    try {
      await new Promise((resolve) => server.once("listening", resolve));
      const { port } = server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}/api/sessions`);
      expect(response.status).toBe(200);
      const { startedAt, rigName, subject } = second;
      const common = {
        startedAt: expect.any(String),
        endedAt: null,
        subjectId: subject.subjectId,
        rigName,
        aligned: 0,
      };
      expect(await response.json()).toEqual({
        sessions: [
          { sessionId: empty.sessionId, ...common, ...noVerdicts },
          { sessionId: second.sessionId, ...common, startedAt, ...countsOfSecond },
          { sessionId: first.sessionId, ...common, ...countsOfFirst },
        ],
      });
    } finally {
      await new Promise((resolve) => server.close(resolve));
      await dataset.close();
    }
  });

  it("reach `nearfar session list` without a shot being read", async () => {
    await dropFrames();
    const { status, stdout } = await runCli("session", "list", "--store", folder.path, "--json");
    expect(status).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([
      { sessionId: empty.sessionId, ...noVerdicts },
      { sessionId: second.sessionId, ...countsOfSecond },
      { sessionId: first.sessionId, ...countsOfFirst },
    ]);
  });
});
