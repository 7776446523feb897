import { spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { sleep } from "../../src/base/abort.js";
import { ControlConnection } from "../../src/devices/virtual/control-connection.js";
import { VirtualRig } from "../../src/devices/virtual/virtual-rig.js";

const nsPerTick = 62.5;

describe("VirtualRig", () => {
  const rigs: VirtualRig[] = [];
  const start = async (): Promise<VirtualRig> => {
    const rig = await VirtualRig.start({ boardOnly: true });
    rigs.push(rig);
    return rig;
  };
  afterEach(async () => {
    await Promise.all(rigs.splice(0).map((rig) => rig.stop()));
  });

  it("gives a tty and a control socket, and removes the socket when stopped", async () => {
    const rig = await start();
    expect(rig.ready.cameras).toEqual({
      near: { serial: "", address: "" },
      far: { serial: "", address: "" },
    });
    await access(rig.tty);
    expect(await rig.request("status", {})).toMatchObject({ pace: "real", boots: 1, crashed: false });
    await rig.stop();
    await rig.stop();
    await expect(access(rig.ready.controlSocket)).rejects.toThrow();
    await expect(rig.request("ping", {})).rejects.toMatchObject({ code: "RIG_FAILED" });
  });

  it("runs several side by side", async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.tty).not.toBe(two.tty);
    await one.kill();
    await expect(access(one.ready.controlSocket)).rejects.toThrow();
    await two.request("ping", {});
  });

  it("says what is missing when it is not built", async () => {
    await expect(VirtualRig.start({}, { binary: "/nowhere/rig" })).rejects.toMatchObject({
      code: "TOOL_MISSING",
      advice: expect.stringContaining("npm run build:native"),
    });
  });

  it("passes on why the process did not come up", async () => {
    const notAnImage = { firmware: new URL(import.meta.url).pathname };
    await expect(VirtualRig.start({ boardOnly: true }, notAnImage)).rejects.toMatchObject({
      code: "RIG_FAILED",
      message: expect.stringContaining("firmware image"),
    });
    await expect(VirtualRig.start({ seed: -1 })).rejects.toMatchObject({
      message: expect.stringContaining("--seed takes a number"),
    });
  });

  it("rejects what is outstanding when the process is killed", async () => {
    const rig = await start();
    // Stopped, it cannot answer before it is killed.
    process.kill(rig.ready.pid, "SIGSTOP");
    const outcome = rig.request("edges", {}).catch((error: unknown) => error);
    await rig.kill();
    expect(await outcome).toMatchObject({ code: "RIG_FAILED" });
    await expect(rig.request("ping", {})).rejects.toMatchObject({ code: "RIG_FAILED" });
  });

  it("ends with its parent, however that ends", async () => {
    const root = new URL("../..", import.meta.url);
    const socket = join(tmpdir(), `nearfar-orphan-${process.pid}.sock`);
    const args = ["--board-only", "--firmware", "native/firmware/build/trigger.elf", "--control", socket];
    const script = `
      const { spawn } = require("node:child_process");
      const [binary, ...args] = process.argv.slice(1);
      spawn(binary, args, { stdio: ["pipe", "inherit", "inherit"] });
      setInterval(() => {}, 1000);`;
    const binary = "native/virtual-rig/build/nearfar-virtual-rig";
    const parent = spawn(process.execPath, ["-e", script, binary, ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(parent.stdout, "data");
    await access(socket);
    parent.kill("SIGKILL");
    await expect
      .poll(() =>
        access(socket).then(
          () => "there",
          () => "gone",
        ),
      )
      .toBe("gone");
  });

  it("keeps ticks on the wall clock, and says how far behind it is", async () => {
    const rig = await start();
    /** Where the chip should be, in µs since its boot, and when it said so. */
    const sample = async (): Promise<{ dueUs: number; beforeUs: number; afterUs: number }> => {
      const beforeUs = performance.now() * 1000;
      const { tick, lagUs } = await rig.request("status", {});
      return {
        dueUs: (Number(tick) * nsPerTick) / 1000 + lagUs,
        beforeUs,
        afterUs: performance.now() * 1000,
      };
    };
    const first = await sample();
    await sleep(1_500);
    const last = await sample();
    const passedUs = last.dueUs - first.dueUs;
    expect(passedUs).toBeGreaterThan(last.beforeUs - first.afterUs - 2);
    expect(passedUs).toBeLessThan(last.afterUs - first.beforeUs + 2);
  });
});

describe("the control socket", () => {
  it("answers what it does not understand with an error and survives broken clients", async () => {
    const rig = await VirtualRig.start({ boardOnly: true });
    try {
      const client = connect(rig.ready.controlSocket);
      client.write('nonsense\n{"id":1}\n{"id":2,"op":"fly"}\n{"id":3,"op":"ping","x":1}\n{"id":4,"op":"fau');
      const [answer] = (await once(client, "data")) as [Buffer];
      expect(JSON.parse(answer.toString().split("\n")[0] as string)).toMatchObject({ id: null, ok: false });
      client.destroy();

      const other = await ControlConnection.open(rig.ready.controlSocket);
      await expect(other.request("fly", {})).rejects.toThrow("there is no op `fly`");
      await expect(other.request("ping", { x: 1 })).rejects.toThrow("no member `x`");
      await expect(other.request("pace", { pace: "warp" })).rejects.toThrow("real or free");
      const halfGood = { link: { toBoardDrop: 0.5 }, killedFirmware: 1 };
      await expect(other.request("faults", { faults: halfGood })).rejects.toThrow("true or false");
      const { link } = await rig.request("status", {});
      expect(link.noise.toBoardDrop).toBe(0);
      other.close();
    } finally {
      await rig.stop();
    }
  });

  it("stops a killed chip and boots it afresh", async () => {
    const rig = await VirtualRig.start({ boardOnly: true });
    try {
      await rig.request("faults", { faults: { killedFirmware: true } });
      const first = await rig.request("status", {});
      await sleep(50);
      const second = await rig.request("status", {});
      expect(second.tick).toBe(first.tick);
      await rig.request("faults", { faults: { killedFirmware: false } });
      await expect.poll(async () => (await rig.request("status", {})).bootId).not.toBe("");
      expect((await rig.request("status", {})).bootId).not.toBe(first.bootId);
    } finally {
      await rig.stop();
    }
  });
});
