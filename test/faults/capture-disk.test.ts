import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, repository, withFolder } from "../support/cli.js";
import { whyNoMounts } from "../support/dataset-processes.js";

const obstacle = whyNoMounts();
const capture = [
  "dist/app/main.js",
  "capture",
  "--rig",
  "rig-configs/virtual-plane.yaml",
  "--shots",
  "50",
  "--json",
];

/** Runs a capture into a folder that `mount` makes difficult, in a mount namespace of its own. */
function captureOn(folder: string, mount: string): { status: number; stdout: string; stderr: string } {
  const script = `${mount}; "$@" >"$0.out" 2>"$0.err"; echo $?`;
  const log = join(folder, "log");
  const words = [...capture, "--store", join(folder, "disk/store")];
  const status = execFileSync("unshare", ["-m", "sh", "-c", script, log, process.execPath, ...words], {
    cwd: repository,
    encoding: "utf8",
  });
  const read = (name: string): string => execFileSync("cat", [`${log}.${name}`], { encoding: "utf8" });
  return { status: Number(status.trim()), stdout: read("out"), stderr: read("err") };
}

test.skipIf(obstacle !== null)(
  `a full disk ends the capture with one clear error ${obstacle ?? ""}`,
  () =>
    withFolder(async (folder) => {
      const disk = join(folder, "disk");
      const result = captureOn(folder, `mkdir ${disk} && mount -t tmpfs -o size=32m none ${disk}`);
      expect(result.status).toBe(4);
      const errors = jsonLines(result.stderr).filter((line) => line.type === "error");
      expect(errors).toHaveLength(1);
      expect(errors[0]?.code).toBe("STORE_FULL");
      const shots = jsonLines(result.stdout).filter((line) => line.type === "shot");
      // A pair takes 5.2 MB: some fit, and each of those was stored whole before it was printed.
      expect(shots.length).toBeGreaterThan(2);
      for (const shot of shots) expect(shot.outcome).toBe("paired");
      expect(jsonLines(result.stdout).at(-1)).toMatchObject({ type: "totals", end: "failed" });
    }),
  90_000,
);

test.skipIf(obstacle !== null)(
  `a read-only folder is refused with nothing half done ${obstacle ?? ""}`,
  () =>
    withFolder(async (folder) => {
      const disk = join(folder, "disk");
      const result = captureOn(folder, `mkdir ${disk} && mount -t tmpfs -o ro none ${disk}`);
      expect(result.status).toBe(4);
      expect(result.stdout).toBe("");
      expect(jsonLines(result.stderr)[0]?.code).toBe("STORE_READ_ONLY");
    }),
  60_000,
);
