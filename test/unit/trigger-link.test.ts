/** The link over a real pseudo terminal, against a peer that misbehaves on purpose. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TriggerLink } from "../../src/devices/trigger/link.js";
import { RequestLost } from "../../src/devices/trigger/link-errors.js";
import { BoardRefusal, ping, readRegister, writeRegister } from "../../src/devices/trigger/registers.js";
import { openTty } from "../../src/devices/trigger/tty.js";
import { asksFor, PeerBoard } from "../support/peer-board.js";
import { systemClock } from "../support/system-clock.js";

const patienceMs = [80, 80, 80];
let peer: PeerBoard;
let link: TriggerLink;

beforeEach(async () => {
  peer = new PeerBoard();
  link = new TriggerLink(await openTty(await peer.plugIn(), 115200), systemClock);
});

afterEach(async () => {
  await link.close();
  await peer.unplug();
});

describe("requests", () => {
  it("answers a read with value, tick and host times", async () => {
    const reply = await readRegister(link, "bootId");
    expect(reply.value).toEqual({ id: 0x11 });
    expect(reply.tick).toBe(1n);
    expect(reply.attempts).toBe(1);
    expect(reply.receivedNs).toBeGreaterThan(reply.sentNs);
  });

  it("has one request outstanding at a time, in the order of the calls", async () => {
    const names = ["whoAmI", "bootId", "state", "tickHz"] as const;
    await Promise.all(names.map((name) => readRegister(link, name)));
    expect(peer.requests.map((request) => names.findIndex((name) => asksFor(request, name)))).toEqual([
      0, 1, 2, 3,
    ]);
    const seqs = peer.requests.map((request) => request.seq);
    expect(new Set(seqs).size).toBe(4);
  });

  it("repeats a request with the same number and the same bytes", async () => {
    peer.answer = (_request, reply) => (peer.requests.length < 3 ? [] : [reply]);
    const reply = await writeRegister(link, "disarm", { go: 1 }, patienceMs);
    expect(reply.attempts).toBe(3);
    expect(peer.requests).toHaveLength(3);
    expect(new Set(peer.requests.map((request) => JSON.stringify(request))).size).toBe(1);
    expect(link.statistics.repetitions).toBe(2);
  });

  it("drops late and double replies and counts them", async () => {
    peer.answer = (request, reply) => (asksFor(request, "state") ? [reply, reply, reply] : [reply]);
    await readRegister(link, "state");
    const { value } = await readRegister(link, "bootId");
    expect(value).toEqual({ id: 0x11 });
    expect(link.statistics.lateReplies).toBe(2);
  });

  it("takes a damaged reply for a lost one", async () => {
    peer.answer = (_request, reply) => {
      const damaged = Uint8Array.from(reply);
      damaged[4] = (damaged[4] as number) ^ 0x10;
      return [peer.requests.length === 1 ? damaged : reply];
    };
    expect((await readRegister(link, "bootId", patienceMs)).attempts).toBe(2);
    expect(link.statistics.badFrames).toBeGreaterThan(0);
  });

  it("hands the board's refusal on with its code", async () => {
    await expect(readRegister(link, "lastDone")).rejects.toSatisfy(
      (error) => error instanceof BoardRefusal && error.errorCode === "unknownRegister",
    );
  });
});

describe("losses", () => {
  it("ends the link when a command stays unanswered, and says that it may have arrived", async () => {
    let reason: Error | null = null;
    link.listen({
      event: () => {},
      lost: (error) => {
        reason = error;
      },
    });
    peer.answer = () => [];
    const lost = readRegister(link, "state", [30, 30]);
    const queued = readRegister(link, "bootId");
    await expect(lost).rejects.toMatchObject({ code: "BOARD_NO_REPLY", mayHaveArrived: true });
    await expect(queued).rejects.toMatchObject({ code: "BOARD_NO_REPLY", mayHaveArrived: false });
    expect(reason).toMatchObject({ code: "BOARD_NO_REPLY" });
    expect(link.isOpen).toBe(false);
    await expect(readRegister(link, "state")).rejects.toMatchObject({ mayHaveArrived: false });
  });

  it("notices a pulled cable", async () => {
    const lost = new Promise<Error>((resolve) => link.listen({ event: () => {}, lost: resolve }));
    await readRegister(link, "state");
    await peer.unplug();
    // The next write tells at the latest; the board's keep-alive writes every 500 ms.
    await expect(readRegister(link, "state")).rejects.toMatchObject({ code: "LINK_LOST" });
    await expect(lost).resolves.toMatchObject({ code: "LINK_LOST" });
  });

  it("rejects what is outstanding when it is closed, and closes twice", async () => {
    peer.answer = () => [];
    const outstanding = readRegister(link, "state");
    await Promise.all([
      expect(outstanding).rejects.toMatchObject({ code: "CLOSED" }),
      link.close(),
      link.close(),
    ]);
    await expect(readRegister(link, "state")).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe("pings", () => {
  it("give way to a command at once", async () => {
    peer.answer = (request, reply) => (asksFor(request, "tick") ? [] : [reply]);
    const given = expect(ping(link)).rejects.toBeInstanceOf(RequestLost);
    const startMs = performance.now();
    await readRegister(link, "state");
    expect(performance.now() - startMs).toBeLessThan(60);
    await given;
    expect(link.isOpen).toBe(true);
  });

  it("are not repeated and do not end the link", async () => {
    peer.answer = (request, reply) => (asksFor(request, "tick") ? [] : [reply]);
    await expect(ping(link)).rejects.toBeInstanceOf(RequestLost);
    expect(peer.requests).toHaveLength(1);
    expect(link.isOpen).toBe(true);
  });
});

describe("events", () => {
  it("reach the listener, and gaps in their numbers are counted", async () => {
    const seqs: number[] = [];
    link.listen({ event: (frame) => seqs.push(frame.seq), lost: () => {} });
    peer.sendEvent("safe", { cause: "hostSilent", shotId: 1 });
    peer.sendEvent("safe", { cause: "hostSilent", shotId: 1 });
    peer.sendEvent("safe", { cause: "hostSilent", shotId: 1 }, 2);
    await expect.poll(() => seqs).toEqual([1, 2, 5]);
    expect(link.statistics.eventsLost).toBe(2);
  });
});
