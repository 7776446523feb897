/** A pseudo terminal pair: the tests play the device, the code under test opens the path. */
import { type ChildProcess, spawn } from "node:child_process";

/** Opens the pair, keeps the slave alive, and copies the master to and from its own streams. */
const bridge = `
import os, pty, select, sys, tty
master, slave = pty.openpty()
tty.setraw(slave)
os.write(1, (os.ttyname(slave) + "\\n").encode())
while True:
    for ready in select.select([0, master], [], [])[0]:
        data = os.read(ready, 4096)
        if not data:
            sys.exit(0)
        os.write(master if ready == 0 else 1, data)
`;

export class Pty {
  readonly #child: ChildProcess;
  readonly path: string;

  private constructor(child: ChildProcess, path: string) {
    this.#child = child;
    this.path = path;
  }

  /** @param onBytes gets what is written to the path */
  static async open(onBytes: (bytes: Buffer) => void): Promise<Pty> {
    const child = spawn("/usr/bin/python3", ["-c", bridge], { stdio: ["pipe", "pipe", "inherit"] });
    const path = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.stdout?.once("data", (first: Buffer) => resolve(first.toString().trim()));
    });
    child.stdout?.on("data", onBytes);
    return new Pty(child, path);
  }

  write(bytes: Uint8Array): void {
    this.#child.stdin?.write(bytes);
  }

  /** Pulls the cable: the path disappears under whoever has it open. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await exited;
  }
}
