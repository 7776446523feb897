import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Calibration } from "../../src/schema/calibration.js";
import { browserLaunch, chromiumPath } from "../support/browser.js";
import { simulatedRecords } from "../support/calibration-records.js";
import { openStore, temporaryFolder } from "../support/dataset-fixtures.js";
import { type RunningPage, servePage } from "../support/running-page.js";

const obstacle = existsSync(chromiumPath) ? "" : "(apt-get install chromium to run these)";

describe.skipIf(obstacle !== "")(`calibrations in a real browser ${obstacle}`, () => {
  const records = simulatedRecords();
  let browser: Browser;
  let page: RunningPage;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const dataset = await openStore(folder.path);
    for (const record of records) await dataset.addCalibration(record);
    await dataset.close();
    page = await servePage(folder.path);
    browser = await chromium.launch(browserLaunch);
  });

  afterAll(async () => {
    await browser.close();
    expect(await page.stop()).toBe(0);
    await folder.remove();
  });

  /** A tab, and all that went wrong in it or went elsewhere. */
  async function openTab(
    colorScheme: "light" | "dark" = "light",
  ): Promise<{ tab: Page; problems: string[] }> {
    const tab = await browser.newPage({ colorScheme });
    const problems: string[] = [];
    tab.on("pageerror", (error) => problems.push(error.message));
    tab.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
    });
    tab.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(page.url) && !url.startsWith("data:")) problems.push(`asked ${url}`);
    });
    tab.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    return { tab, problems };
  }

  test("the first page lists them with verdict and the gates that did not pass, and opens a report", async () => {
    const { tab, problems } = await openTab();
    await tab.goto(page.url);
    await tab.getByRole("heading", { name: "Calibrations" }).waitFor();
    const pair = records.find(({ kind }) => kind === "pair") as Calibration;
    const row = tab.getByRole("row", { name: pair.calibrationId });
    await row.getByText("geometry of the pair").waitFor();
    expect(await row.locator("td.warn").textContent()).toBe("WARN");
    for (const { title, state } of pair.gates) {
      if (state === "PASS") expect(await row.getByText(title).count()).toBe(0);
      else await row.getByText(title).waitFor();
    }
    expect(await tab.locator("tbody tr").count()).toBe(records.length);
    await row.getByRole("link").click();
    await tab.getByRole("heading", { name: "Geometry of the near and far pair" }).waitFor();
    expect(problems).toEqual([]);
    await tab.close();
  });

  test.each(["light", "dark"] as const)(
    "every report shows its drawings in %s and asks for nothing",
    async (scheme) => {
      const { tab, problems } = await openTab(scheme);
      for (const { calibrationId, verdict } of records) {
        await tab.goto(new URL(`calibrations/${calibrationId}/report`, page.url).href);
        expect(await tab.locator(".verdict").textContent()).toBe(verdict);
        const seen = await tab.evaluate(() => ({
          background: getComputedStyle(document.body).backgroundColor,
          wide: document.documentElement.scrollWidth > innerWidth,
          // Text that sticks out of its drawing would be cut in print.
          cut: [...document.querySelectorAll("figure > svg")].flatMap((svg) => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll(":scope > g > text, :scope > g > g > text")].flatMap((text) => {
              const own = text.getBoundingClientRect();
              const inside =
                own.left >= box.left - 1 && own.right <= box.right + 1 && own.bottom <= box.bottom + 1;
              return inside ? [] : [`${svg.querySelector("title")?.textContent}: ${text.textContent}`];
            });
          }),
          small: [...document.querySelectorAll("figure > svg")].filter(
            (svg) => svg.getBoundingClientRect().width < 200,
          ).length,
        }));
        expect(seen).toEqual({
          background: scheme === "light" ? "rgb(255, 255, 255)" : "rgb(22, 24, 27)",
          wide: false,
          cut: [],
          small: 0,
        });
      }
      expect(problems).toEqual([]);
      await tab.close();
    },
  );

  test("a report may run and load nothing, whatever is in it", async () => {
    const { calibrationId } = records[0] as Calibration;
    const response = await fetch(new URL(`calibrations/${calibrationId}/report`, page.url));
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = response.headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+='; /);
    expect(policy).toContain("frame-ancestors 'none'; sandbox");
  });

  test("records and summaries are served, and unknown ones are not found", async () => {
    const record = records[1] as Calibration;
    const get = async (path: string): Promise<{ status: number; body: object }> => {
      const response = await fetch(new URL(path, page.url));
      return { status: response.status, body: (await response.json()) as object };
    };
    const whole = await get(`api/calibrations/${record.calibrationId}`);
    expect(whole).toMatchObject({ status: 200, body: { kind: record.kind, gates: record.gates } });
    const summary = await get(`api/calibrations/${record.calibrationId}/summary`);
    expect(summary).toMatchObject({
      status: 200,
      body: { verdict: record.verdict, numbers: { fx: 532.827 } },
    });
    for (const path of [
      "api/calibrations/nobody",
      "api/calibrations/..%2f..%2fSTORE.json",
      "calibrations/nobody/report",
    ]) {
      expect(await get(path)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    }
  });
});
