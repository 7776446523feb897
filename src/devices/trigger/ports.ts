/** Where a trigger board may be plugged in. */
import { readdir } from "node:fs/promises";
import { SerialPort } from "serialport";

/**
 * USB serial adapters only: the built-in /dev/ttyS* of a PC may be a console, and a board that
 * really hangs there is opened by its path.
 */
const usbAdapter = /^\/dev\/tty(USB|ACM)\d+$/;

/** Paths of all USB serial ports, in the order of their names. */
export async function listPorts(): Promise<readonly string[]> {
  const paths = await listByUdev().catch(listByName);
  return paths.filter((path) => usbAdapter.test(path)).sort();
}

async function listByUdev(): Promise<string[]> {
  return (await SerialPort.list()).map((port) => port.path);
}

/** Without udev (a container), the device files themselves have to do. */
async function listByName(): Promise<string[]> {
  return (await readdir("/dev")).map((name) => `/dev/${name}`);
}
