import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { planFlash, runFlash, type Spawn } from "../../src/devices/trigger/flash.js";

const plan = planFlash({ port: "/dev/ttyUSB0", imagePath: "/images/trigger.hex" });

/** A shell in avrdude's place that says and does what `script` tells. */
function shell(script: string): Spawn {
  return (_command, args) => spawn("sh", ["-c", script, "avrdude", ...args]);
}

describe("planFlash", () => {
  it("is avrdude's command line for an Uno", () => {
    expect([plan.command, ...plan.args].join(" ")).toBe(
      "avrdude -p atmega328p -c arduino -P /dev/ttyUSB0 -b 115200 -D -U flash:w:/images/trigger.hex:i",
    );
  });

  it("knows the old boot loader of the Nano", () => {
    const { args } = planFlash({ port: "/dev/ttyUSB0", imagePath: "a.hex", bootBaudRate: 57600 });
    expect(args[args.indexOf("-b") + 1]).toBe("57600");
  });
});

describe("runFlash", () => {
  it("hands the arguments over and the progress on", async () => {
    let output = "";
    const onOutput = (text: string): void => {
      output += text;
    };
    await runFlash(plan, { spawn: shell('echo "$@"; echo "Writing | ##### | 100%" >&2'), onOutput });
    expect(output).toContain("-P /dev/ttyUSB0");
    expect(output).toContain("100%");
  });

  it("repeats avrdude's last words when it fails", async () => {
    const run = { spawn: shell("echo 'stk500_getsync(): not in sync' >&2; exit 1"), onOutput: () => {} };
    await expect(runFlash(plan, run)).rejects.toMatchObject({
      code: "BOARD_REFUSED",
      message: expect.stringContaining("not in sync"),
      advice: expect.stringContaining("57600"),
    });
  });

  it("says how to install a missing avrdude", async () => {
    const run = { spawn: (() => spawn("nearfar-no-such-tool")) as Spawn, onOutput: () => {} };
    await expect(runFlash(plan, run)).rejects.toMatchObject({
      code: "TOOL_MISSING",
      advice: expect.stringContaining("apt-get install avrdude"),
    });
  });
});
