/** One open serial port as the link sees it: bytes in, bytes out, gone. */
import { SerialPort } from "serialport";
import { WorldError } from "../../base/errors.js";

export interface TtyListener {
  bytes(chunk: Uint8Array): void;
  /**
   * The device went away (cable pulled, adapter gone); not called for {@link Tty.close}. serialport
   * takes a hang-up in the middle of a read for an empty read: only the next write tells then.
   */
  gone(cause: Error): void;
}

export class Tty {
  readonly #port: SerialPort;
  #closing = false;
  #closed: Promise<void> | null = null;
  #listener: TtyListener | null = null;

  /** @param port already open */
  constructor(port: SerialPort) {
    this.#port = port;
    port.on("error", (error) => this.#gone(error));
    port.on("close", (error: Error | null) => this.#gone(error ?? new Error("the port was closed")));
  }

  get path(): string {
    return this.#port.path;
  }

  /** Starts reading; nothing is read before. */
  listen(listener: TtyListener): void {
    this.#listener = listener;
    this.#port.on("data", (chunk: Buffer) => listener.bytes(chunk));
  }

  write(bytes: Uint8Array): void {
    if (this.#port.isOpen) this.#port.write(bytes);
  }

  /** Drops what the kernel still holds in either direction. */
  flush(): Promise<void> {
    // A tty that cannot flush loses nothing: stale bytes fail the CRC or carry an old number.
    return new Promise((resolve) => this.#port.flush(() => resolve()));
  }

  /**
   * True for a real adapter, whose DTR line resets an Uno when the port opens; false for a
   * pseudo terminal, which has no such lines (ENOTTY).
   */
  hasModemLines(): Promise<boolean> {
    return new Promise((resolve) => this.#port.get((error) => resolve(error === null)));
  }

  /** Unsent bytes are dropped, not sent late. May be called at any time and twice; never rejects. */
  close(): Promise<void> {
    this.#closing = true;
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (!this.#port.isOpen) return;
    await this.flush();
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }

  #gone(cause: Error): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#listener?.gone(cause);
  }
}

/**
 * Opens `path` exclusively.
 * @throws WorldError BOARD_NOT_FOUND when there is no such port, BOARD_BUSY when another program
 *   holds it, BOARD_NO_PERMISSION, BOARD_NOT_A_TRIGGER when it is no serial port at all
 */
export async function openTty(path: string, baudRate: number): Promise<Tty> {
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(openError(path, error))));
  });
  const tty = new Tty(port);
  await tty.flush();
  return tty;
}

/** serialport gives no codes, only the system's sentence inside its own. */
function openError(path: string, cause: Error): WorldError {
  const { message } = cause;
  if (/Permission denied/i.test(message)) {
    return new WorldError("BOARD_NO_PERMISSION", `not allowed to open ${path}`, {
      advice: "Add your user to the group `dialout` (sudo usermod -aG dialout $USER) and log in again.",
      cause,
    });
  }
  if (/Cannot lock port|resource busy|temporarily unavailable/i.test(message)) {
    return new WorldError("BOARD_BUSY", `${path} is in use by another program`, {
      advice: `Close the program that holds the port (\`fuser -v ${path}\` names it): another nearfar, a serial monitor, ModemManager.`,
      cause,
    });
  }
  if (/No such file|No such device/i.test(message)) {
    return new WorldError("BOARD_NOT_FOUND", `there is no port ${path}`, {
      advice:
        "Plug the trigger board in, and check `trigger.port` in the rig config against `ls /dev/serial/by-id`.",
      cause,
    });
  }
  return new WorldError("BOARD_NOT_A_TRIGGER", `${path} does not open as a serial port (${message})`, {
    advice: "Give the serial port of the trigger board in `trigger.port` of the rig config.",
    cause,
  });
}
