/** Opening, over real pseudo terminals: the right board, the wrong one, and things that are none. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTriggerBoard } from "../../src/devices/trigger/open-board.js";
import { asksFor, PeerBoard } from "../support/peer-board.js";
import { systemClock } from "../support/system-clock.js";

const clock = systemClock;
const peers: PeerBoard[] = [];

async function plugIn(values?: ConstructorParameters<typeof PeerBoard>[0]): Promise<[PeerBoard, string]> {
  const peer = new PeerBoard(values);
  peers.push(peer);
  return [peer, await peer.plugIn()];
}

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.unplug()));
});

describe("by path", () => {
  it("opens a tty without modem lines and knows the board", async () => {
    const [, path] = await plugIn();
    const board = await openTriggerBoard({ path, clock });
    expect(board.identity).toEqual({
      path,
      boardId: "0000000000000abc",
      bootId: "00000011",
      firmwareVersion: "1.0.0",
      protocolVersion: "1.0",
    });
    await board.close();
    await board.close();
    await expect(board.status()).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("disarms what an earlier host may have left armed", async () => {
    const [peer, path] = await plugIn();
    await (await openTriggerBoard({ path, clock })).close();
    expect(peer.requests.some((request) => asksFor(request, "disarm"))).toBe(true);
  });

  it("forgets what was sent before it was opened", async () => {
    const [peer, path] = await plugIn();
    peer.send(Uint8Array.from({ length: 2000 }, (_, index) => index & 0xff));
    const board = await openTriggerBoard({ path, clock });
    expect(board.identity.bootId).toBe("00000011");
    await board.close();
  });

  it("says that there is no such port", async () => {
    await expect(openTriggerBoard({ path: "/dev/ttyUSB-none", clock })).rejects.toMatchObject({
      code: "BOARD_NOT_FOUND",
      advice: expect.stringContaining("Plug"),
    });
  });

  it("says that another program holds the port", async () => {
    const [, path] = await plugIn();
    const board = await openTriggerBoard({ path, clock });
    await expect(openTriggerBoard({ path, clock })).rejects.toMatchObject({ code: "BOARD_BUSY" });
    await board.close();
  });

  it("says that a silent port is no trigger board, within two seconds", async () => {
    const [peer, path] = await plugIn();
    peer.answer = () => [];
    const startMs = performance.now();
    await expect(openTriggerBoard({ path, clock })).rejects.toMatchObject({
      code: "BOARD_NOT_A_TRIGGER",
      message: expect.stringContaining("silent"),
    });
    expect(performance.now() - startMs).toBeLessThan(2000);
  });

  it("says that a talker of another language is no trigger board", async () => {
    const [peer, path] = await plugIn();
    peer.answer = () => [new TextEncoder().encode("$GPGGA,123519,4807.038,N\r\n\0")];
    await expect(openTriggerBoard({ path, clock })).rejects.toMatchObject({
      code: "BOARD_NOT_A_TRIGGER",
      message: expect.stringContaining("something else"),
    });
  });

  it("says that another device of this protocol is no trigger board", async () => {
    const [, path] = await plugIn({ whoAmI: { id: 0x1234 } });
    await expect(openTriggerBoard({ path, clock })).rejects.toMatchObject({ code: "BOARD_NOT_A_TRIGGER" });
  });

  it.each([
    ["an older protocol", { protocolVersion: { major: 0, minor: 9 } }, "BOARD_OLD_FIRMWARE"],
    ["a newer protocol", { protocolVersion: { major: 2, minor: 0 } }, "BOARD_NEW_FIRMWARE"],
    ["old firmware", { firmwareVersion: { major: 0, minor: 0, patch: 9 } }, "BOARD_OLD_FIRMWARE"],
    ["another tick rate", { tickHz: { hz: 8_000_000 } }, "BOARD_OLD_FIRMWARE"],
  ])("refuses %s and advises a flash", async (_case, values, code) => {
    const [, path] = await plugIn(values);
    await expect(openTriggerBoard({ path, clock })).rejects.toMatchObject({
      code,
      advice: expect.stringContaining("nearfar firmware flash"),
    });
  });
});

describe("things that are no serial ports", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearfar-port-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("says so of a file", async () => {
    const path = join(folder, "file");
    await writeFile(path, "no tty");
    await expect(openTriggerBoard({ path, clock })).rejects.toMatchObject({ code: "BOARD_NOT_A_TRIGGER" });
  });

  it.skipIf(process.getuid?.() === 0)("advises the group for a port without permission", async () => {
    const path = join(folder, "locked");
    await writeFile(path, "", { mode: 0o000 });
    await expect(openTriggerBoard({ path, clock })).rejects.toMatchObject({
      code: "BOARD_NO_PERMISSION",
      advice: expect.stringContaining("dialout"),
    });
  });
});

describe("by board id", () => {
  it("finds the board among others and leaves those alone", async () => {
    const [other, otherPath] = await plugIn({ boardId: { id: 0x1n } });
    const [mute, mutePath] = await plugIn();
    mute.answer = () => [];
    const [, path] = await plugIn({ boardId: { id: 0x2n } });
    const candidates = [otherPath, mutePath, path];
    const board = await openTriggerBoard({ boardId: "0000000000000002", candidates, clock });
    expect(board.identity.path).toBe(path);
    expect(other.requests.some((request) => asksFor(request, "disarm"))).toBe(false);
    await board.close();
    // Both other ports were closed again.
    await (await openTriggerBoard({ path: otherPath, clock })).close();
  });

  it("tells what was tried when it is nowhere", async () => {
    const [, path] = await plugIn({ boardId: { id: 0x1n } });
    const candidates = [path, "/dev/ttyUSB-none"];
    await expect(openTriggerBoard({ boardId: "00000000000000ff", candidates, clock })).rejects.toMatchObject({
      code: "BOARD_NOT_FOUND",
      message: expect.stringMatching(/board 0000000000000001.*no port \/dev\/ttyUSB-none/),
    });
  });

  it("asks for a path or an id", async () => {
    await expect(openTriggerBoard({ clock })).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("losing the board", () => {
  it("finds it on another port by its id, with its settings pushed again", async () => {
    const [peer, path] = await plugIn();
    const [again, otherPath] = await plugIn();
    const board = await openTriggerBoard({ path, candidates: [otherPath], clock });
    const { lost } = board;
    await peer.unplug();
    await expect(lost).resolves.toMatchObject({ code: "LINK_LOST" });
    await expect(board.status()).rejects.toMatchObject({ code: "LINK_LOST" });
    await board.reconnect();
    expect(board.identity.path).toBe(otherPath);
    expect(again.requests.some((request) => asksFor(request, "disarm"))).toBe(true);
    await board.close();
  });

  it("notices silence although the port stays", async () => {
    const [peer, path] = await plugIn();
    const board = await openTriggerBoard({ path, clock, silenceMs: 500 });
    peer.answer = () => [];
    await expect(board.lost).resolves.toMatchObject({ code: "LINK_LOST" });
    await board.close();
  });

  it("notices that the board booted", async () => {
    const [peer, path] = await plugIn();
    const board = await openTriggerBoard({ path, clock });
    peer.sendEvent("booted", { bootId: 0x12, protocolMajor: 1, protocolMinor: 0, resetCause: "watchdog" });
    await expect(board.lost).resolves.toMatchObject({ code: "BOARD_REBOOTED" });
    await board.close();
  });

  it("gives a reconnect up when told to", async () => {
    const [peer, path] = await plugIn();
    const board = await openTriggerBoard({ path, clock });
    await peer.unplug();
    await board.lost;
    await expect(board.reconnect(AbortSignal.timeout(200))).rejects.toMatchObject({ name: "TimeoutError" });
    await board.close();
  });
});
