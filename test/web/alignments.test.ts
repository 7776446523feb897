import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keepAlignedPair } from "../../src/alignment/run/keep-aligned-pair.js";
import type { AlignmentEntry } from "../../src/dataset/dataset.js";
import type { AlignmentReason, AlignmentVerdict } from "../../src/schema/alignment.js";
import { alignmentInputOfShot } from "../support/aligned-pairs.js";
import { browserLaunch, chromiumPath } from "../support/browser.js";
import { newSession, openStore, storePair, temporaryFolder } from "../support/dataset-fixtures.js";
import { picturedPair } from "../support/pictured-pair.js";
import { type RunningPage, servePage } from "../support/running-page.js";

const obstacle = existsSync(chromiumPath) ? "" : "(apt-get install chromium to run these)";

const judged: readonly { readonly verdict: AlignmentVerdict; readonly reasons: AlignmentReason[] }[] = [
  { verdict: "accept", reasons: [] },
  { verdict: "warn", reasons: ["rig-drift", "color-differs"] },
  { verdict: "warn", reasons: ["approximate"] },
];

describe.skipIf(obstacle !== "")(`aligned pairs in a real browser ${obstacle}`, () => {
  const entries: AlignmentEntry[] = [];
  let sessionId: string;
  let browser: Browser;
  let page: RunningPage;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const dataset = await openStore(folder.path);
    const session = await dataset.startSession(newSession());
    sessionId = session.sessionId;
    for (const verdict of judged) {
      const shot = await storePair(dataset, session);
      const pair = picturedPair(alignmentInputOfShot(shot), verdict);
      const approximate = verdict.reasons.includes("approximate");
      const record = approximate
        ? { ...pair.record, approximate, canonical: null, subject: null, rigFit: null }
        : pair.record;
      const files = approximate ? pair.files.slice(0, 4) : pair.files;
      entries.push(await keepAlignedPair(dataset, shot.shotId, { record, files }));
    }
    // A fourth shot that nobody aligned.
    await storePair(dataset, session);
    await dataset.close();
    page = await servePage(folder.path);
    browser = await chromium.launch(browserLaunch);
  });

  afterAll(async () => {
    await browser.close();
    expect(await page.stop()).toBe(0);
    await folder.remove();
  });

  /** A tab at a place of the page, and all that went wrong in it. */
  async function openTab(place: string): Promise<{ tab: Page; problems: string[] }> {
    const tab = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    const problems: string[] = [];
    tab.on("pageerror", (error) => problems.push(error.message));
    tab.on("response", (response) => {
      // These shots have no previews.
      if (response.status() >= 400 && !response.url().includes("/previews/")) {
        problems.push(`${response.status()} ${response.url()}`);
      }
    });
    await tab.goto(`${page.url}#${place}`);
    return { tab, problems };
  }

  const openPair = (index: number): ReturnType<typeof openTab> =>
    openTab(`session=${sessionId}&alignment=${entries[index]?.alignmentNumber}`);

  /** A checksum of what each canvas shows, once all pictures are there. */
  async function canvases(tab: Page, count: number): Promise<number[]> {
    await tab.waitForFunction(
      (wanted) =>
        document.querySelectorAll("canvas").length === wanted &&
        !document.body.textContent?.includes("Loading…"),
      count,
    );
    return tab.evaluate(
      () =>
        new Promise<number[]>((resolve) => {
          // After the frame in which the page draws.
          requestAnimationFrame(() =>
            setTimeout(() =>
              resolve(
                [...document.querySelectorAll("canvas")].map((canvas) => {
                  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
                  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
                  return data.reduce((sum, level, i) => (sum + level * ((i % 251) + 1)) % 1_000_003, 0);
                }),
              ),
            ),
          );
        }),
    );
  }

  test("a session shows each aligned pair's verdict with reasons in words, and opens it", async () => {
    const { tab, problems } = await openTab(`session=${sessionId}`);
    await tab.locator(".aligned").nth(2).waitFor();
    expect(await tab.locator(".card").count()).toBe(4);
    expect(await tab.locator(".aligned b").allTextContents()).toEqual(["accept", "warn", "warn"]);
    const warned = tab.locator(".aligned").nth(1);
    await warned.getByText("the fitted pupil offset, roll or shift is beyond the limit").waitFor();
    await warned.click();
    await tab.getByText("the arms' skin colors differ by more than the limit").waitFor();
    expect(await canvases(tab, 6)).toHaveLength(6);
    expect(problems).toEqual([]);
    await tab.close();
  });

  test("numbers are shown with sigma and unit, by zone, with what they cannot tell", async () => {
    const { tab, problems } = await openPair(0);
    for (const [name, value] of [
      ["Eyes before the calibrated eye plane", "8.25 ± 0.62\u202fmm"],
      ["Magnification error", "0.213 ± 0.055\u202f%"],
      ["Tangential chi²", "1.07"],
      ["Skin color", "1.94"],
      ["Sharpness", "1.31"],
      ["Coverage", "86.2\u202f%"],
      ["Confidence", "91.5\u202f%"],
      ["Near pupil offset, x", "−0.123 ± 0.034\u202fmm"],
      ["Roll", "5.2 ± 1.4\u202fm°"],
      ["Near pupil to the eyes", "± 0.62\u202fmm"],
      ["ears", "0.240"],
    ] as const) {
      const row = tab.getByRole("row", { name });
      await row.waitFor();
      expect(await row.textContent()).toContain(value);
    }
    await tab.getByText("errors of scale").waitFor();
    expect(problems).toEqual([]);
    await tab.close();
  });

  test("all pictures share one camera, which stays from pair to pair", async () => {
    const { tab, problems } = await openPair(0);
    const whole = await canvases(tab, 6);
    const far = await tab.locator("canvas").nth(1).boundingBox();
    await tab.mouse.move((far?.x ?? 0) + 200, (far?.y ?? 0) + 200);
    for (let notch = 0; notch < 6; notch += 1) await tab.mouse.wheel(0, -100);
    await tab.getByText("3.8 ×").waitFor();
    const zoomed = await canvases(tab, 6);
    for (const [index, sum] of zoomed.entries()) expect(sum).not.toBe(whole[index]);
    await tab.keyboard.press("ArrowRight");
    await tab.getByText(`aligned pair ${entries[1]?.alignmentNumber}`).waitFor();
    await canvases(tab, 6);
    await tab.getByText("3.8 ×").waitFor();
    await tab.keyboard.press("ArrowLeft");
    await tab.getByText(`aligned pair ${entries[0]?.alignmentNumber}`).waitFor();
    expect(await canvases(tab, 6)).toEqual(zoomed);
    await tab.keyboard.press("0");
    await tab.getByText("1.0 ×").waitFor();
    expect(await canvases(tab, 6)).toEqual(whole);
    expect(problems).toEqual([]);
    await tab.close();
  });

  test("near blinks with far on f, and is far while c is held", async () => {
    const { tab } = await openPair(0);
    const [near, far] = (await canvases(tab, 6)) as [number, number];
    expect(near).not.toBe(far);
    await tab.keyboard.down("c");
    await tab.getByText("far, in near's place", { exact: true }).waitFor();
    expect((await canvases(tab, 6))[0]).toBe(far);
    await tab.keyboard.up("c");
    expect((await canvases(tab, 6))[0]).toBe(near);
    await tab.keyboard.press("f");
    for (let turn = 0; turn < 2; turn += 1) {
      await tab.getByText("far, in near's place", { exact: true }).waitFor();
      await tab.locator("figcaption").getByText("near", { exact: true }).waitFor();
    }
    await tab.keyboard.press("f");
    await tab.waitForTimeout(600);
    expect((await canvases(tab, 6))[0]).toBe(near);
    await tab.keyboard.press("?");
    await tab.getByText("previous, next pair").waitFor();
    await tab.keyboard.press("Escape");
    expect(await tab.getByText("previous, next pair").count()).toBe(0);
    await tab.close();
  });

  test("an approximate pair shows near and far alone, and asks for nothing that it has not", async () => {
    const { tab, problems } = await openPair(1);
    await canvases(tab, 6);
    await tab.keyboard.press("ArrowRight");
    await tab.getByText("no geometric calibration").waitFor();
    expect(await canvases(tab, 2)).toHaveLength(2);
    expect(problems).toEqual([]);
    await tab.close();
  });

  test("the API lists, records, pictures and files", async () => {
    const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
      fetch(new URL(`api/alignments${path}`, page.url), { headers });
    const list = (await (await ask(`?session=${sessionId}`)).json()) as {
      alignments: { alignmentNumber: number; version: string; quality: { coverage: number } }[];
    };
    expect(list.alignments).toMatchObject(
      entries.map(({ alignmentNumber, shotId }, index) => ({
        alignmentNumber,
        shotId,
        ...judged[index],
        quality: { coverage: 0.862 },
      })),
    );
    const [first] = list.alignments;
    const record = await (await ask("/1")).json();
    expect(record).toMatchObject({ format: "nearfar-alignment", verdict: "accept" });

    const depth = await ask(`/1/pictures/depth?v=${first?.version}`);
    expect(depth.headers.get("content-type")).toBe("image/png");
    expect(depth.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
    const tag = depth.headers.get("etag") ?? "";
    // Without a word on caching `fetch` would add one that asks for all of it.
    const asBrowsers = { "If-None-Match": tag, "Cache-Control": "max-age=0" };
    const again = await ask("/1/pictures/depth", asBrowsers);
    expect([again.status, again.headers.get("cache-control")]).toEqual([304, "private, no-cache"]);
    expect((await ask("/2/pictures/depth", asBrowsers)).status).toBe(200);
    const blink = await ask("/3/pictures/blink?format=gif");
    expect(blink.headers.get("content-type")).toBe("image/gif");

    const file = await ask("/1/files/nearToFar.npy");
    expect(file.headers.get("content-disposition")).toContain("alignment-1-nearToFar.npy");
    const stored = entries[0]?.files.find(({ name }) => name === "nearToFar");
    const sum = createHash("sha256").update(new Uint8Array(await file.arrayBuffer()));
    expect(sum.digest("hex")).toBe(stored?.sha256);
  });

  test.each([
    ["/999", 404, "NOT_FOUND"],
    ["/nobody", 404, "NOT_FOUND"],
    ["/1/pictures/portrait", 404, "NOT_FOUND"],
    ["/3/pictures/flow", 404, "NOT_FOUND"],
    ["/1/pictures/blink?format=avi", 400, "USAGE"],
    ["/1/files/near.npy", 404, "NOT_FOUND"],
    ["/1/files/..%2f..%2fSTORE.json", 404, "NOT_FOUND"],
    ["?limit=0", 400, "USAGE"],
  ] as const)("answers %s with a code", async (path, status, code) => {
    const response = await fetch(new URL(`api/alignments${path}`, page.url));
    expect(response.status).toBe(status);
    // A browser that kept a failure would show it after the cause is gone.
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect((await response.json()) as object).toMatchObject({ code });
  });
});
