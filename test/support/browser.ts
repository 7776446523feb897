import type { LaunchOptions } from "playwright-core";

/** Debian's Chromium. */
export const chromiumPath = "/usr/bin/chromium";

/** Headless, and without the background services that look for the network at every start. */
export const browserLaunch: LaunchOptions = {
  executablePath: chromiumPath,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
