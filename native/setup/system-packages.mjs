// The Debian/Ubuntu packages that nearfar builds on, why, and how their presence shows.
import { execFileSync, spawnSync } from "node:child_process";

/** `without`: what does not work when the package is missing; "nothing" means set-up cannot go on. */
export const systemPackages = [
  { name: "g++", why: "compiles the native parts", without: "nothing" },
  { name: "make", why: "builds the native parts", without: "nothing" },
  { name: "python3", why: "node-gyp runs on it", without: "nothing" },
  { name: "pkg-config", why: "finds the libraries below", without: "nothing" },
  { name: "libopencv-dev", why: "image operations (opencv4nodejs)", without: "nothing" },
  {
    name: "libceres-dev",
    why: "solves calibrations (the vision addon)",
    without: "finding boards, calibrating and aligning",
  },
  {
    name: "libraw-dev",
    why: "reads raw files of cameras (the vision addon)",
    without: "finding boards, calibrating and aligning",
  },
  { name: "cmake", why: "builds the virtual rig", without: "the virtual rig" },
  {
    name: "gcc-avr",
    why: "compiles the trigger board's firmware",
    without: "the virtual rig and firmware builds",
  },
  { name: "avr-libc", why: "the firmware's C library", without: "the virtual rig and firmware builds" },
  { name: "libsimavr-dev", why: "simulates the trigger board's chip", without: "the virtual rig" },
  { name: "libelf-dev", why: "simavr reads firmware images with it", without: "the virtual rig" },
  { name: "nlohmann-json3-dev", why: "the virtual rig's control socket", without: "the virtual rig" },
  { name: "libembree-dev", why: "the virtual rig traces rays with it", without: "the virtual rig" },
  { name: "fonts-dejavu-core", why: "words on contact sheets", without: "words on contact sheets" },
  {
    name: "libaravis-dev",
    why: "GigE Vision and USB3 Vision cameras",
    without: "the aravis cameras and the virtual rig",
  },
  {
    name: "libusb-1.0-0-dev",
    why: "named by libaravis-dev's pkg-config file, but not installed with it",
    without: "the aravis cameras and the virtual rig",
  },
];

/** Only the tests need these. */
export const testPackages = [
  { name: "poppler-utils", why: "an independent drawer of our PDF pages", without: "some cross-checks" },
  { name: "chromium", why: "a real browser for the page", without: "the page's tests" },
  { name: "python3-opencv", why: "an independent reader of our TIFF files", without: "some cross-checks" },
];

/** Only the benchmarks need these, as peers. */
export const benchPackages = [
  { name: "aravis-tools", why: "Aravis' own camera test", without: "the comparison of frame rates" },
];

// A format of dpkg-query, whose fields look like JavaScript placeholders.
const installedFormat = ["Package", "db:Status-Status"]
  .map((field) => `\${${field}}`)
  .join(" ")
  .concat("\n");

/** Names of those packages that are not installed. One call for all: under 100 ms. */
export function missingPackages(packages) {
  const query = spawnSync("dpkg-query", ["-W", "-f", installedFormat, ...packages.map((p) => p.name)], {
    encoding: "utf8",
  });
  if (query.error) return null;
  const installed = new Set(
    query.stdout
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return packages.filter((p) => !installed.has(p.name));
}

/** The words to put before apt-get, or null when this user may not install packages. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync("sudo", ["-n", "true"], { stdio: "ignore" });
  if (sudo.status === 0) return ["sudo", "-n"];
  if (!sudo.error && process.stdin.isTTY) return ["sudo"];
  return null;
}

/** Installs them, or returns false when this user may not. Throws when apt-get fails. */
export function installPackages(packages) {
  const prefix = rootPrefix();
  if (prefix === null) return false;
  const run = (...words) => {
    const [program, ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", ...words];
    execFileSync(program, rest, { stdio: ["inherit", "ignore", "inherit"] });
  };
  run("apt-get", "update", "-q");
  run("apt-get", "install", "-q", "-y", "--no-install-recommends", ...packages.map((p) => p.name));
  return true;
}
