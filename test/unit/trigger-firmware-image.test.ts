import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFirmwareImage } from "../../src/devices/trigger/firmware-image.js";
import { compareVersions, requiredFirmware } from "../../src/devices/trigger/handshake.js";

const versionHeader = "enum { FIRMWARE_MAJOR = 1, FIRMWARE_MINOR = 22, FIRMWARE_PATCH = 3 };\n";
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearfar-image-"));
  await Promise.all([mkdir(join(folder, "app")), mkdir(join(folder, "build"))]);
  await writeFile(join(folder, "app/version.h"), versionHeader);
});
afterEach(() => rm(folder, { recursive: true }));

/** Intel HEX lines of 16 bytes. */
function intelHex(flash: Buffer): string[] {
  const record = (address: number, type: number, data: Buffer): string => {
    const head = [data.length, address >> 8, address & 0xff, type];
    const sum = [...head, ...data].reduce((total, byte) => total + byte, 0);
    return `:${Buffer.from([...head, ...data, -sum & 0xff])
      .toString("hex")
      .toUpperCase()}`;
  };
  const lines: string[] = [];
  for (let at = 0; at < flash.length; at += 16) lines.push(record(at, 0, flash.subarray(at, at + 16)));
  return [...lines, record(0, 1, Buffer.alloc(0))];
}

async function write(lines: readonly string[]): Promise<void> {
  await writeFile(join(folder, "build/trigger.hex"), `${lines.join("\r\n")}\r\n`);
}

const flash = Buffer.from(Array.from({ length: 100 }, (_, index) => (7 * index) & 0xff));

describe("readFirmwareImage", () => {
  it("tells version and size", async () => {
    await write(intelHex(flash));
    await expect(readFirmwareImage(folder)).resolves.toEqual({
      hexPath: join(folder, "build/trigger.hex"),
      version: "1.22.3",
      sizeBytes: 100,
    });
  });

  it("knows the firmware of this repository", async () => {
    const firmware = fileURLToPath(new URL("../../native/firmware", import.meta.url));
    const { version, sizeBytes } = await readFirmwareImage(firmware);
    expect(compareVersions(version, requiredFirmware)).toBeGreaterThanOrEqual(0);
    expect(sizeBytes).toBeLessThan(32_256); // 32 KiB less the boot loader
  });

  it.each([
    ["a wrong check sum", (lines: string[]) => [(lines[0] ?? "").replace(/..$/, "00"), ...lines.slice(1)]],
    ["a missing end", (lines: string[]) => lines.slice(0, -1)],
    ["a cut line", (lines: string[]) => [(lines[0] ?? "").slice(0, -2), ...lines.slice(1)]],
    ["no lines", () => []],
  ])("refuses a file with %s", async (_case, damage) => {
    await write(damage(intelHex(flash)));
    await expect(readFirmwareImage(folder)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });

  it("refuses a header without a version", async () => {
    await write(intelHex(flash));
    await writeFile(join(folder, "app/version.h"), "enum { FIRMWARE_MAJOR = 1 };\n");
    await expect(readFirmwareImage(folder)).rejects.toMatchObject({ code: "FILE_CORRUPT" });
  });

  it("says how to build a missing image", async () => {
    await expect(readFirmwareImage(folder)).rejects.toMatchObject({
      code: "TOOL_MISSING",
      advice: expect.stringContaining("npm run build:native"),
    });
  });
});
