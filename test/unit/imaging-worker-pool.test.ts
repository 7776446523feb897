import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { WorkerPool } from "../../src/imaging/worker-pool.js";

interface Jobs {
  readonly echo: { readonly input: unknown; readonly output: unknown };
  readonly threadId: { readonly input: null; readonly output: number };
  readonly wait: { readonly input: number; readonly output: string };
  readonly meet: { readonly input: Int32Array<SharedArrayBuffer>; readonly output: boolean };
  readonly fill: { readonly input: Uint8Array<SharedArrayBuffer>; readonly output: number };
  readonly throw: { readonly input: string; readonly output: never };
  readonly exit: { readonly input: number; readonly output: never };
  readonly crash: { readonly input: string; readonly output: never };
}

const entry = new URL("../support/misbehaving.worker.mjs", import.meta.url);
const pools: WorkerPool<Jobs>[] = [];

function openPool(size: number): WorkerPool<Jobs> {
  const pool = new WorkerPool<Jobs>(entry, size);
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

describe("WorkerPool", () => {
  it("answers every job with its own result", async () => {
    const pool = openPool(2);
    const numbers = Array.from({ length: 20 }, (_, i) => i);
    expect(await Promise.all(numbers.map((i) => pool.run("echo", i)))).toEqual(numbers);
  });

  it("runs as many jobs at once as it has workers, and not more", async () => {
    const pool = openPool(2);
    const state = new Int32Array(new SharedArrayBuffer(12));
    const met = await Promise.all(Array.from({ length: 8 }, () => pool.run("meet", state)));
    expect(met).not.toContain(false);
    expect(state[2]).toBe(2);
  });

  it("keeps a worker for the next job", async () => {
    const pool = openPool(4);
    const first = await pool.run("threadId", null);
    expect(await pool.run("threadId", null)).toBe(first);
  });

  it("shares memory with the worker instead of copying it", async () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(8));
    await openPool(1).run("fill", bytes);
    expect([...bytes]).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  });

  it("rejects with what the job threw and goes on", async () => {
    const pool = openPool(1);
    const worker = await pool.run("threadId", null);
    await expect(pool.run("throw", "no such lens")).rejects.toThrow(new RangeError("no such lens"));
    expect(await pool.run("threadId", null)).toBe(worker);
  });

  it("rejects the job of a worker that dies, replaces the worker and keeps the jobs in line", async () => {
    const pool = openPool(1);
    const dying = pool.run("exit", 3);
    const next = pool.run("echo", "still here");
    await expect(dying).rejects.toMatchObject({
      code: "WORKER_FAILED",
      message: expect.stringContaining("exit code 3"),
    });
    expect(await next).toBe("still here");
    await expect(pool.run("crash", "boom")).rejects.toMatchObject({
      code: "WORKER_FAILED",
      message: expect.stringContaining("boom"),
    });
    expect(await pool.run("echo", 1)).toBe(1);
  });

  it("rejects when the worker's file is missing", async () => {
    const pool = new WorkerPool<Jobs>(new URL("./no-such-file.mjs", entry), 1);
    await expect(pool.run("echo", 1)).rejects.toMatchObject({ code: "WORKER_FAILED" });
    await pool.close();
  });

  it("rejects an input that no thread can take, and goes on", async () => {
    const pool = openPool(1);
    await expect(pool.run("echo", () => 1)).rejects.toThrow(/could not be cloned/);
    expect(await pool.run("echo", 2)).toBe(2);
  });

  it("aborts before, in line and while running", async () => {
    const pool = openPool(1);
    await expect(pool.run("echo", 1, AbortSignal.abort("before"))).rejects.toBe("before");
    const inLine = new AbortController();
    const running = new AbortController();
    const long = pool.run("wait", 150, running.signal);
    const queued = pool.run("echo", 2, inLine.signal);
    const after = pool.run("echo", 3);
    inLine.abort("in line");
    running.abort("running");
    await expect(long).rejects.toBe("running");
    await expect(queued).rejects.toBe("in line");
    expect(await after).toBe(3);
  });

  it("closes after the jobs in hand, may be closed twice, and takes no more jobs", async () => {
    const pool = openPool(1);
    const jobs = [pool.run("wait", 100), pool.run("echo", "last")];
    const closing = pool.close();
    await expect(pool.run("echo", 1)).rejects.toMatchObject({ code: "CLOSED" });
    await Promise.all([closing, pool.close()]);
    expect(await Promise.all(jobs)).toEqual(["timed-out", "last"]);
  });

  it("closes when it never ran a job", async () => {
    await openPool(2).close();
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a size of %d", (size) => {
    expect(() => new WorkerPool<Jobs>(entry, size)).toThrow(/pool/);
  });

  it("does not keep an idle process alive", () => {
    const program = `
      import { createFrameProcessor } from ${JSON.stringify(new URL("../../dist/imaging/frame-processor.js", import.meta.url))};
      const payload = new Uint8Array(new SharedArrayBuffer(32 * 32));
      const mount = { rotationDeg: 0, mirrored: false };
      const frame = { payload, widthPx: 32, heightPx: 32, pixelFormat: "Mono8", bitDepth: 8, blackLevel: 0, whiteLevel: 255, mount };
      await createFrameProcessor().processFrame({ ...frame, description: {} });
      console.log("done");
    `;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      timeout: 20_000,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "done\n" });
  });
});
