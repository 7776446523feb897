import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTruthFolder } from "../../src/alignment/truth/truth-folder.js";
import { drawBoard, readCharuco } from "../support/board-picture.js";
import {
  finished,
  jsonLines,
  repository,
  runCli,
  startCli,
  uncalibratedWords,
  withFolder,
} from "../support/cli.js";

const shipped = join(repository, "rig-configs/virtual.yaml");

/** The shipped rig with a quarter of its pixels each way, so that frames take no time. */
async function smallRig(folder: string): Promise<string> {
  const text = await readFile(shipped, "utf8");
  const small = text
    .replace("{ widthPx: 1280, heightPx: 1024 }", "{ widthPx: 320, heightPx: 256 }")
    .replace("  # optics: {}", "  optics: { near: { pixelPitchUm: 93.75 }, far: { pixelPitchUm: 93.75 } } #");
  expect(small).toContain("widthPx: 320");
  expect(small).toContain("93.75");
  const path = join(folder, "rig.yaml");
  await writeFile(path, small);
  return path;
}

describe("nearfar rig on a running virtual rig", () => {
  let folder: string;
  let rig: ReturnType<typeof startCli>;
  let socket: string;
  const scene = (...words: string[]) => runCli("rig", "scene", "--socket", socket, ...words);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearfar-rig-cli-"));
    rig = startCli(["rig", "run", "--rig", await smallRig(folder), "--json"]);
    const [line] = await once(createInterface({ input: rig.stdout }), "line");
    const ready = JSON.parse(line as string) as { type: string; socket: string; tty: string };
    expect(ready).toMatchObject({ type: "virtual-rig", tty: expect.stringMatching(/^\/dev\/pts\//) });
    socket = ready.socket;
  });
  afterAll(async () => {
    const ended = finished(rig);
    rig.kill("SIGINT");
    expect((await ended).status).toBe(0);
    await rm(folder, { recursive: true });
  });

  test("the scene is set by words and told back", async () => {
    const set = await scene(
      "--subject",
      "head:5",
      "--expression",
      "smile",
      "--yaw",
      "10",
      "--skin-contrast",
      "0.06",
      "--distance",
      "900",
    );
    expect(set).toMatchObject({ status: 0, stderr: "" });
    expect(set.stdout).toMatch(/^head:5, smile, turned 10\/0\/0°, sway motion at 900 mm/);
    const told = jsonLines((await scene("--json")).stdout);
    expect(told[0]).toMatchObject({
      type: "scene",
      scene: "subject",
      distanceMm: 900,
      subject: { source: "head", identity: 5, expression: "smile", yawDeg: 10, skinContrast: 0.06 },
    });
  });

  test.each([
    [["--target", "moon"], "SCENE_INVALID", /moon/],
    [["--distance", "100"], "SCENE_INVALID", /100 mm/],
    [["--yaw", "80"], "SCENE_INVALID", /yawDeg/],
    [["--skin-contrast", "0.5"], "SCENE_INVALID", /skinContrast/],
    [["--yaw", "far"], "USAGE", /number/],
    [["moon"], "USAGE", /plane, flat, dark, target, subject/],
    [["flat", "--subject", "head:1"], "USAGE", /different scenes/],
    [["--faults", "{near}"], "USAGE", /JSON/],
  ] as const)("wrong words %j are refused, and the rig runs on", async (words, code, text) => {
    const before = (await scene("--json")).stdout;
    const refused = await scene(...words, "--json");
    expect(refused.status).toBe(2);
    expect(jsonLines(refused.stderr)[0]).toMatchObject({ code, message: expect.stringMatching(text) });
    expect((await scene("--json")).stdout).toBe(before);
  });

  test("a socket nobody listens at is told so", async () => {
    const lost = await runCli("rig", "scene", "--socket", join(folder, "no.sock"));
    expect(lost.status).toBe(3);
    expect(lost.stderr).toContain("RIG_FAILED");
  });

  test("a target's place and turn are kept apart", async () => {
    await scene("--target", "charuco-small", "--at", "0,0,1590", "--turn", "5,-4,1");
    await scene("--at", "3,2,1600");
    const { targetPose } = jsonLines((await scene("--json")).stdout)[0] as {
      targetPose: { translationMm: number[]; rotationDeg: number[] };
    };
    expect(targetPose.translationMm).toEqual([3, 2, 1600]);
    for (const [i, degrees] of [5, -4, 1].entries())
      expect(targetPose.rotationDeg[i]).toBeCloseTo(degrees, 9);
  });

  test("the truth is not written over a file", async () => {
    const file = join(folder, "rig.yaml");
    const refused = await runCli("rig", "truth", "--socket", socket, "--out", file);
    expect(refused.status).toBe(4);
    expect(refused.stderr).toMatch(/STORE_IO.*rig\.yaml/s);
    expect(refused.stderr).not.toContain("    at ");
  });

  test("the truth comes as a folder that can be read back", async () => {
    await scene("--target", "charuco-small");
    const out = join(folder, "truth");
    const written = await runCli(
      "rig",
      "truth",
      "--socket",
      socket,
      "--out",
      out,
      "--arrays",
      "nearDepth,nearVisible",
    );
    expect(written.status).toBe(0);
    const { truth, arrays } = await readTruthFolder(out);
    expect(truth.pointSets[0]).toMatchObject({ name: "charuco-small" });
    expect(Object.keys(arrays).sort()).toEqual(["nearDepth", "nearVisible"]);
    expect((await readdir(out)).sort()).toEqual(["nearDepth.npy", "nearVisible.npy", "truth.json"]);
  });
});

test("nearfar rig run says so when its rig dies", () =>
  withFolder(async (folder) => {
    const child = startCli(["rig", "run", "--rig", await smallRig(folder), "--json"]);
    const ended = finished(child);
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const { socket } = JSON.parse(line as string) as { socket: string };
    // The rig's process is the only child of the program.
    const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
    for (const pid of children.trim().split(" ")) process.kill(Number(pid), "SIGKILL");
    expect(await ended).toMatchObject({ status: 3, stderr: expect.stringContaining("RIG_FAILED") });
    await expect(readFile(socket)).rejects.toThrow("ENOENT");
  }));

describe("nearfar rig sheet", () => {
  test("draws subjects by distances", () =>
    withFolder(async (folder) => {
      const out = join(folder, "sheet.png");
      const words = ["--subjects", "0,head:7", "--distances", "250,1370", "--width", "120", "--samples", "1"];
      const drawn = await runCli(
        "rig",
        "sheet",
        "--rig",
        await smallRig(folder),
        "--out",
        out,
        ...words,
        "--json",
      );
      expect(drawn).toMatchObject({ status: 0, stderr: "" });
      expect(jsonLines(drawn.stdout)[0]).toMatchObject({ type: "sheet", pictures: 6 });
      const { width, height } = await sharp(out).metadata();
      expect(width).toBe(12 + 3 * (120 + 12));
      expect(height).toBeGreaterThan(2 * 150);
      // Pictures, not an empty board: much of the sheet is far from its background.
      const { channels } = await sharp(out).stats();
      expect(channels[0]?.stdev).toBeGreaterThan(15);
    }));

  test.each([
    [["--out", "sheet.gif"], /\.jpg or \.png/],
    [["--out", "nowhere/sheet.png"], /NOT_FOUND.*nowhere/s],
    [["--out", "README.md.png", "--distances", "100"], /PLAN_INVALID.*100 mm/s],
    [["--out", "sheet.png", "--subjects", "bob"], /head:N/],
    [["--out", "sheet.png", "--expressions", "grin"], /neutral/],
  ])("refuses %j", async (words, text) => {
    const refused = await runCli("rig", "sheet", "--rig", shipped, ...words);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(text);
  });
});

describe("nearfar capture on a rig that sees", () => {
  test("stores portraits and the truth beside them; the plan sets the scene", () =>
    withFolder(async (folder) => {
      const plan = join(folder, "plan.yaml");
      await writeFile(
        plan,
        [
          "format: nearfar-plan",
          "version: 1",
          "distancesMm: [300]",
          "expressions: [neutral, smile]",
          "virtual: { scene: { subject: { source: head, identity: 9 }, samplesPerPixel: 1 } }",
        ].join("\n"),
      );
      const store = join(folder, "store");
      const rig = await smallRig(folder);
      const taken = await runCli(
        "capture",
        "--rig",
        rig,
        "--store",
        store,
        "--plan",
        plan,
        "--truth",
        "nearDepth",
        "--json",
      );
      expect(jsonLines(taken.stderr).map(({ message }) => message)).toEqual([
        expect.stringContaining(uncalibratedWords),
      ]);
      expect(taken.status).toBe(0);
      const shots = jsonLines(taken.stdout).filter(({ type }) => type === "shot");
      expect(shots.map(({ expression }) => expression)).toEqual(["neutral", "smile"]);
      for (const { shotId, expression } of shots) {
        const truthFolder = join(store, "truth/000", String(shotId));
        const { truth, arrays } = await readTruthFolder(truthFolder);
        expect(truth.world.subject).toMatchObject({ identity: 9, expression });
        expect(truth.exposures.near.strobe).toBe(true);
        expect(arrays.nearDepth).toMatchObject({ width: 256, height: 320 });
        const events = JSON.parse(await readFile(join(truthFolder, "shot.json"), "utf8")) as object;
        expect(events).toMatchObject({
          shotId,
          triggers: [{ near: { fate: "sent" }, far: { fate: "sent" } }],
        });
      }
      expect((await runCli("session", "audit", "--store", store)).status).toBe(0);
    }));

  test("a plan with an expression that the heads do not know leaves nothing behind", () =>
    withFolder(async (folder) => {
      const plan = join(folder, "plan.yaml");
      await writeFile(plan, "format: nearfar-plan\nversion: 1\ndistancesMm: [300]\nexpressions: [grin]\n");
      const refused = await runCli(
        "capture",
        "--rig",
        await smallRig(folder),
        "--store",
        join(folder, "s"),
        "--plan",
        plan,
      );
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(/PLAN_INVALID.*grin/s);
      expect(refused.stderr).toMatch(/neutral, smile/);
      await expect(readdir(join(folder, "s"))).rejects.toThrow("ENOENT");
    }));
});

describe("nearfar targets find", () => {
  test("finds a board in a picture file and tells a mirrored one", () =>
    withFolder(async (folder) => {
      const board = readCharuco("charuco-small");
      for (const mirrored of [false, true]) {
        const picture = drawBoard(board, { widthPx: 640, heightPx: 800, squarePx: 48, mirrored });
        const path = join(folder, `${mirrored}.png`);
        const gray = Uint8Array.from(picture.data, (value) => Math.min(255, Math.round(value / 16)));
        const raw = { width: picture.widthPx, height: picture.heightPx, channels: 1 } as const;
        await sharp(gray, { raw }).png().toFile(path);
        const found = await runCli("targets", "find", path, "--target", "charuco-small", "--json");
        expect(found.status).toBe(0);
        expect(jsonLines(found.stdout)[0]).toMatchObject({ found: 70, corners: 70, mirrored });
      }
    }));

  test("refuses a chart and a file that is no picture", async () => {
    const chart = await runCli("targets", "find", shipped, "--target", "colorchecker-mini");
    expect(chart).toMatchObject({ status: 2, stderr: expect.stringContaining("no corners") });
    const text = await runCli("targets", "find", shipped, "--target", "charuco-a4");
    expect(text).toMatchObject({ status: 5, stderr: expect.stringContaining("FILE_CORRUPT") });
  });
});
