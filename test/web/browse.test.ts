import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserLaunch, chromiumPath } from "../support/browser.js";
import { repository, runCli, withFolder } from "../support/cli.js";
import { type RunningPage, servePage } from "../support/running-page.js";

const obstacle = existsSync(chromiumPath) ? "" : "(apt-get install chromium to run these)";

describe.skipIf(obstacle !== "")(`the page in a real browser ${obstacle}`, () => {
  let browser: Browser;
  let page: RunningPage;
  let end: () => void = () => {};
  let ended: Promise<void>;

  beforeAll(async () => {
    browser = await chromium.launch(browserLaunch);
    await new Promise<void>((ready, failed) => {
      ended = withFolder(async (folder) => {
        const store = join(folder, "store");
        const rig = join(repository, "rig-configs/virtual-plane.yaml");
        const captured = await runCli(
          "capture",
          "--rig",
          rig,
          "--store",
          store,
          "--shots",
          "3",
          "--subject",
          "p07",
          "--json",
        );
        expect(captured.status).toBe(0);
        page = await servePage(store);
        ready();
        await new Promise<void>((resolve) => {
          end = resolve;
        });
        expect(await page.stop()).toBe(0);
      });
      ended.catch(failed);
    });
  });

  afterAll(async () => {
    await browser.close();
    end();
    await ended;
  });

  test("lists the session, its pairs with thumbnails that load, and one shot in detail", async () => {
    const tab = await browser.newPage();
    const problems: string[] = [];
    tab.on("pageerror", (error) => problems.push(error.message));
    tab.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    await tab.goto(page.url);
    await tab.getByRole("cell", { name: "p07" }).waitFor();
    await tab.locator('tbody a[href^="#session="]').first().click();
    await tab.locator(".card").nth(2).waitFor();
    expect(await tab.locator(".card").count()).toBe(3);
    await tab.waitForFunction(() => {
      const pictures = [...document.querySelectorAll("img")];
      return (
        pictures.length === 6 && pictures.every((picture) => picture.complete && picture.naturalWidth > 100)
      );
    });
    await tab.locator(".card").first().click();
    await tab.getByRole("row", { name: /Verdict KEEP/ }).waitFor();
    expect(await tab.locator(".large img").count()).toBe(2);

    await tab.goBack();
    await tab.getByRole("link", { name: "BROKEN" }).click();
    await tab.getByText("No such shot in this session.").waitFor();
    expect(problems).toEqual([]);
    await tab.close();
  });

  test("answers wrong requests with a code, never with a stack", async () => {
    for (const [path, status, code] of [
      ["api/shots/999", 404, "NOT_FOUND"],
      ["api/shots?limit=-1", 400, "USAGE"],
      ["api/sessions/nobody", 404, "NOT_FOUND"],
      ["api/other", 404, "NOT_FOUND"],
      ["previews/1/..%2f..%2fSTORE.json", 404, "NOT_FOUND"],
    ] as const) {
      const response = await fetch(new URL(path, page.url));
      expect(response.status).toBe(status);
      expect((await response.json()) as object).toMatchObject({ code });
    }
  });
});
