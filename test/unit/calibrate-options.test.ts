/** Options of `nearfar calibrate` that do not go together, or with the rig, are refused before anything is opened. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram } from "../../src/cli/program.js";
import type { Services } from "../../src/cli/services.js";
import { repository } from "../support/cli.js";

interface Refusal {
  readonly status: number | null;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** What the program says without a terminal, and without anything that it could open. */
async function refusal(...words: string[]): Promise<Refusal> {
  const told: string[] = [];
  let status: number | null = null;
  const services: Partial<Services> = {
    terminal: {
      print: () => {},
      note: (line) => told.push(line),
      progress: () => {},
      interactive: false,
      ask: () => Promise.reject(new Error("nobody is there")),
      onKey: () => () => {},
      bell: () => {},
    },
    version: "0.0.0",
    commandLine: words,
    programFolder: repository,
    exit: (value) => {
      status = value;
    },
  };
  await runProgram(services as Services, ["calibrate", ...words, "--json"]);
  return { ...(JSON.parse(told[0] ?? "{}") as object), status };
}

const rig = ["--rig", join(repository, "rig-configs/virtual.yaml")];
const store = ["--store", join(repository, "no-such-store")];

describe("options of another way to calibrate", () => {
  test.each([
    [["geometry", "--images", "a.png", ...store], "--images", "--store"],
    [["geometry", "--images", "a.png", "--stops", "450"], "--images", "--stops"],
    [["geometry", "--corners", "a.json", "--views", "8"], "--corners", "--views"],
    [["geometry", "--images", "a.png", "--resume"], "--images", "--resume"],
    [["geometry", "--images", "a.png", "--corners", "a.json"], "--images", "--corners"],
    [["geometry", ...rig, ...store, "--warp"], "--rig", "--warp"],
    [["geometry", ...rig, ...store, "--shape", "0.1"], "--rig", "--shape"],
    [["geometry", ...rig, ...store, "--robust"], "--rig", "--robust"],
    [["geometry", ...rig, ...store, "--expect", "any"], "--rig", "--expect"],
    [["geometry", ...rig, ...store, "--distance", "450"], "--rig", "--distance"],
    [["geometry", ...rig, ...store, "--resume", "--restart"], "--restart", "--resume"],
    [["color", "--image", "a.png", "--chart", "colorchecker-mini"], "--image", "--chart"],
    [["color", "--image", "a.png", "--gray"], "--image", "--gray"],
    [["color", "--image", "a.png", "--turn", "90"], "--image", "--turn"],
    [["color", "--image", "a.png", ...store], "--image", "--store"],
    [["color", ...rig, ...store, "--flat", "a.png"], "--rig", "--flat"],
    [["color", ...rig, ...store, "--gamma", "2.2"], "--rig", "--gamma"],
    [["color", ...rig, ...store, "--compare"], "--rig", "--compare"],
    [["color", ...rig, ...store, "--out", "there"], "--rig", "--out"],
    [["check", ...rig, ...store, "--watch", "--phantom"], "--watch", "--phantom"],
    [["check", ...rig, ...store, "--watch", "--null"], "--watch", "--null"],
    [["check", ...rig, ...store, "--null", "--stop", "450"], "--null", "--stop"],
  ])("%j", async (words, one, other) => {
    const { status, code, message } = await refusal(...words);
    expect({ status, code }).toEqual({ status: 2, code: "USAGE" });
    expect(message).toContain(one);
    expect(message).toContain(other);
  });
});

describe.each(["all", "geometry", "light"])("calibrate %s", (part) => {
  test("refuses stops that the rail does not reach", async () => {
    expect(await refusal(part, ...rig, ...store, "--stops", "100,450")).toMatchObject({
      status: 2,
      code: "USAGE",
      message: "The rail does not reach 100 mm.",
    });
  });

  test("needs somebody who holds boards before a real rig", async () => {
    const real = ["--rig", join(repository, "rig-configs/machine-vision.yaml")];
    expect(await refusal(part, ...real, ...store)).toMatchObject({
      status: 2,
      code: "USAGE",
      message: expect.stringContaining("nobody is at a terminal"),
    });
  });
});

test.each([
  [["geometry", ...rig, ...store, "--views", "2"], "must be a whole number from 6 to 200"],
  [["geometry", ...rig, ...store, "--board", "depth-phantom"], "several boards at once"],
  [["light", ...rig, ...store, "--board", "depth-phantom"], "several boards at once"],
  [["track", "a-session", ...store, "--board", "depth-phantom"], "several boards at once"],
  [["sync", ...rig, ...store, "--shots", "1"], "must be a whole number from 3 to 1000"],
  [["check", ...rig, ...store, "--stop", ""], "must be a number above 0"],
  [["color", ...rig, ...store, "--turn", "around"], "must be from -360 to 360°"],
])("%j is refused with a reason", async (words, reason) => {
  const { status, code, message } = await refusal(...words);
  expect({ status, code }).toEqual({ status: 2, code: "USAGE" });
  expect(message).toContain(reason);
});

test("a chart that is not there is told before the trigger is measured", async () => {
  const refused = await refusal("all", ...rig, ...store, "--chart", "no-chart");
  expect(refused).toMatchObject({ status: 2, code: "NOT_FOUND" });
});
