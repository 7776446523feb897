import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sleep } from "../../src/base/abort.js";
import { encodeFrame } from "../../src/devices/trigger/framing.js";
import { encodeRegister, frameKinds, registers } from "../../src/devices/trigger/generated/protocol.js";
import { BoardBench, countEdges } from "../support/board-bench.js";
import { fuzzSerial } from "../support/serial-fuzz.js";

describe("the firmware on a bad line", () => {
  let bench: BoardBench;
  beforeEach(async () => {
    bench = await BoardBench.start("real");
  });
  afterEach(() => bench.stop());

  it("fires nothing on noise and answers afterwards", async () => {
    await bench.rig.request("pace", { pace: "free" });
    const result = await fuzzSerial(bench, 30_000, 7);
    expect(result.triggerEdges).toBe(0);
    expect(result.crashed).toBe(false);
    expect(result.rxCrcErrors).toBeGreaterThan(0);
    expect(result.rxOverruns).toBe(0);
    expect(result.answerMs).toBeLessThan(100);
  });

  it("goes safe on a bad frame while armed, and the armed shot cannot be fired any more", async () => {
    await bench.write("arm", { shotId: 5, budget: 1 });
    const fire = encodeFrame({
      kind: frameKinds.write,
      seq: 99,
      address: registers.fire.address,
      payload: encodeRegister("fire", { shotId: 5 }),
    });
    fire[5] = (fire[5] as number) ^ 0x10;
    bench.tty.write(fire);
    await expect(bench.write("fire", { shotId: 5 })).rejects.toMatchObject({ code: "BOARD_REFUSED" });
    expect(bench.events).toContainEqual({ name: "safe", value: { cause: "badFrame", shotId: 5 } });
    expect(countEdges(await bench.takeEdges(), "nearTrigger")).toBe(0);
  });

  it("goes safe when the host falls silent", async () => {
    await bench.write("hostTimeout", { ms: 200 });
    await bench.write("arm", { shotId: 6, budget: 1 });
    await sleep(400);
    expect(bench.events).toContainEqual({ name: "safe", value: { cause: "hostSilent", shotId: 6 } });
    await expect(bench.write("fire", { shotId: 6 })).rejects.toMatchObject({ code: "BOARD_REFUSED" });
    expect(countEdges(await bench.takeEdges(), "nearTrigger")).toBe(0);
  });

  it("lets go of the focus lines and never fires when the host falls silent before the zero", async () => {
    await bench.write("hostTimeout", { ms: 200 });
    await bench.write("focusLead", { ms: 600 });
    await bench.write("arm", { shotId: 7, budget: 1 });
    await bench.write("fire", { shotId: 7 });
    await sleep(800);
    const edges = await bench.takeEdges();
    expect(edges.filter(({ pin }) => pin === "nearFocus").map(({ level }) => level)).toEqual([1, 0]);
    expect(countEdges(edges, "nearTrigger") + countEdges(edges, "farTrigger")).toBe(0);
  });

  it("tells a reset by its watchdog from a killed chip", async () => {
    const bootIds = [(await bench.read("bootId")).id];
    const boots = (): unknown[] => bench.events.filter(({ name }) => name === "booted");
    await bench.write("reset", { magic: 0x52535421 });
    await expect.poll(boots, { timeout: 2_000 }).toHaveLength(1);
    await bench.reconnect();
    bootIds.push((await bench.read("bootId")).id);
    await bench.rig.request("faults", { faults: { killedFirmware: true } });
    await bench.rig.request("faults", { faults: { killedFirmware: false } });
    await expect.poll(boots, { timeout: 2_000 }).toHaveLength(2);
    await bench.reconnect();
    bootIds.push((await bench.read("bootId")).id);
    expect(boots()).toMatchObject([
      { value: { resetCause: "watchdog", bootId: bootIds[1] } },
      { value: { resetCause: "powerOn", bootId: bootIds[2] } },
    ]);
    expect(new Set(bootIds).size).toBe(3);
  });
});
