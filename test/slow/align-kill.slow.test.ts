import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killAlignments } from "../support/align-kill.js";
import { fewerPixels, virtualRigText } from "../support/calibration-rig.js";
import { program, repository, runCli, withFolder } from "../support/cli.js";

const pairs = 200;
const kills = 20;

/** Small canonical images, so that 200 pairs take minutes. */
const alignWords = ["--size", "256"];

const plan = `format: nearfar-plan
version: 1
distancesMm: [450, 900]
repeats: ${pairs / 2}
countdownS: 0
virtual:
  scene:
    scene: subject
    subject: { source: head, identity: 5 }
    motion: { kind: sway, blink: true }
    samplesPerPixel: 1
`;

/** A calibrated rig of a quarter of the pixels, and its pairs of one moving head. */
async function capturePairs(folder: string): Promise<string> {
  const [rig, planFile, store] = ["rig.yaml", "plan.yaml", "store"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(rig, await virtualRigText(fewerPixels(2)));
  await writeFile(planFile, plan);
  const on = ["--rig", rig, "--store", store, "--json"];
  for (const words of [
    ["calibrate", "color", ...on, "--chart", "colorchecker-mini"],
    ["calibrate", "geometry", ...on, "--stops", "450,900", "--views", "6"],
    ["capture", ...on, "--plan", planFile, "--subject", "head5", "--consent", "none"],
  ]) {
    const { status, stderr } = await runCli(...words);
    expect(status, stderr).toBe(0);
  }
  return store;
}

test(`${kills} kills of a run over ${pairs} pairs leave the same images, flows and numbers, bit for bit`, () =>
  withFolder(async (folder) => {
    const store = await capturePairs(folder);
    const start = (copy: string) =>
      spawn(process.execPath, [program, "align", "--store", copy, ...alignWords, "--json"], {
        cwd: repository,
        stdio: ["ignore", "pipe", "pipe"],
      });
    const report = await killAlignments(store, { start, sign: `"state":"aligned"` }, kills, 4);
    const { undisturbed, killed, alignedWhenKilled } = report;
    console.log(
      `${report.kills} kills, ${alignedWhenKilled} of ${undisturbed.alignments.length} pairs aligned by then, ` +
        `${undisturbed.objects.length} objects`,
    );
    expect(report.kills).toBe(kills);
    expect(alignedWhenKilled).toBeLessThan(pairs);
    expect(undisturbed.alignments.length).toBeGreaterThanOrEqual(pairs);
    expect(undisturbed.findings).toEqual([]);
    expect(killed).toEqual(undisturbed);
  }));
