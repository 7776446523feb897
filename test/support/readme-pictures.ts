// Makes the pictures of README.md from a session on the virtual rig: `npm run pictures`.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import type { CalibrationEntry } from "../../src/dataset/dataset.js";
import { browserLaunch } from "./browser.js";
import { repository, runCli, withFolder } from "./cli.js";
import { servePage } from "./running-page.js";

const pictures = join(repository, "test/fixtures/pictures");

/** Runs the program; a picture that it could not make must not stay the old one. */
async function made(...words: string[]): Promise<void> {
  const { status, stderr } = await runCli(...words);
  if (status !== 0) throw new Error(stderr);
}

/** The report of the store's pair calibration: where the pupils are. */
async function reportPicture(tab: Page, url: string): Promise<void> {
  const answer = await fetch(new URL("/api/calibrations", url));
  const { calibrations } = (await answer.json()) as { readonly calibrations: readonly CalibrationEntry[] };
  const pair = calibrations.find(({ kind }) => kind === "pair");
  if (pair === undefined) throw new Error("the demo left no pair calibration");
  await tab.setViewportSize({ width: 980, height: 900 });
  await tab.goto(new URL(`/calibrations/${pair.calibrationId}/report`, url).href);
  const section = tab.locator("section", { has: tab.getByRole("heading", { name: "Where the pupils are" }) });
  await section.screenshot({ path: join(pictures, "report.png") });
}

/** Every view of one aligned pair, opened as a visitor of the page does. */
async function alignedPicture(tab: Page, url: string): Promise<void> {
  await tab.setViewportSize({ width: 1280, height: 1180 });
  await tab.goto(url);
  const sessions = await fetch(new URL("/api/sessions", url));
  const alignments = await fetch(new URL("/api/alignments", url));
  const [{ sessionId }] = ((await sessions.json()) as { sessions: [{ sessionId: string }] }).sessions;
  const rows = ((await alignments.json()) as { alignments: { alignmentNumber: number; shotId: number }[] })
    .alignments;
  // The second stop, neutral: much perspective, and yet ears in both views.
  const pair = rows.sort((a, b) => a.shotId - b.shotId)[2];
  if (pair === undefined) throw new Error("the demo left too few aligned pairs");
  await tab.goto(new URL(`/#session=${sessionId}&alignment=${pair.alignmentNumber}`, url).href);
  await tab.waitForLoadState("networkidle");
  await tab.screenshot({ path: join(pictures, "aligned.png") });
}

await mkdir(pictures, { recursive: true });
const rig = join(repository, "rig-configs/virtual.yaml");
const sheet = ["--subjects", "4,13,8,10", "--distances", "250,450,900,1370", "--width", "220"];
await made("rig", "sheet", "--rig", rig, "--out", join(pictures, "sheet.jpg"), "--force", ...sheet);
await withFolder(async (folder) => {
  const store = join(folder, "store");
  await made("demo", "--store", store, "--no-page");
  const page = await servePage(store);
  const browser = await chromium.launch(browserLaunch);
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 560 } });
    await tab.goto(page.url);
    await tab.locator('tbody a[href^="#session="]').first().click();
    await tab.locator(".card").nth(7).waitFor();
    await tab.waitForLoadState("networkidle");
    await tab.screenshot({ path: join(pictures, "session.png") });
    await reportPicture(tab, page.url);
    await alignedPicture(tab, page.url);
  } finally {
    await browser.close();
    await page.stop();
  }
});
