import { once } from "node:events";
import { startCli } from "./cli.js";

export interface RunningPage {
  readonly url: string;
  /** Ends it as Ctrl-C does; resolves with the exit status. */
  stop(): Promise<number | null>;
}

/** Starts `nearfar browse` on a free port. */
export async function servePage(store: string): Promise<RunningPage> {
  const child = startCli(["browse", "--store", store, "--port", "0", "--json"]);
  const closed = once(child, "close");
  const [line] = await once(child.stdout.setEncoding("utf8"), "data");
  const { url } = JSON.parse(line as string) as { url: string };
  return {
    url,
    stop: async () => {
      child.kill("SIGINT");
      const [status] = await closed;
      return status as number | null;
    },
  };
}
