import { Command, InvalidArgumentError } from "commander";
import type { Services } from "../services.js";

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError("must be a whole number from 0 to 65535");
  }
  return port;
}

/** Serves the page until the user ends it; resolves after the server has closed. */
export async function browse(
  services: Services,
  options: { store: string; host: string; port: number; json?: boolean },
): Promise<void> {
  const { terminal } = services;
  const dataset = await services.openDataset(options.store, "read-only");
  try {
    const server = await services.serve(dataset, options.host, options.port);
    if (options.json) terminal.print(JSON.stringify({ type: "serving", url: server.url }));
    else terminal.print(`Showing ${dataset.directory} at ${server.url} (Ctrl-C ends)`);
    await new Promise<void>((resolve) => {
      const release = services.onInterrupt(() => {
        release();
        resolve();
      });
    });
    await server.close();
  } finally {
    await dataset.close();
  }
}

export function browseCommand(services: Services): Command {
  return new Command("browse")
    .description("Show sessions and pairs with thumbnails in a web page (read-only).")
    .requiredOption("--store <dir>", "the dataset to show")
    .option("--host <address>", "address to listen on; 0.0.0.0 opens it to the network", "127.0.0.1")
    .option("--port <number>", "TCP port; 0 takes a free one", parsePort, 8420)
    .option("--json", "print the address as a JSON line")
    .action((options) => browse(services, options));
}
