import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CallerError } from "../base/errors.js";
import { createApp, type ServerOptions } from "./app.js";

export interface RunningServer {
  /** Where the page is, e.g. `http://127.0.0.1:8420/`. */
  readonly url: string;
  /** Ends open connections and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves the page on `host`:`port`; port 0 takes a free one.
 * @throws CallerError USAGE when the port is taken or not allowed.
 */
export function serve(options: ServerOptions, host: string, port: number): Promise<RunningServer> {
  return new Promise((resolve, reject) => {
    const server = createApp(options).listen(port, host);
    server.once("listening", () => resolve(running(server, host)));
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        new CallerError("USAGE", `Cannot listen on ${host}:${port} (${cause.code ?? cause.message}).`, {
          advice: "Choose another port with --port, or --port 0 for any free one.",
          cause,
        }),
      );
    });
  });
}

function running(server: Server, host: string): RunningServer {
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
