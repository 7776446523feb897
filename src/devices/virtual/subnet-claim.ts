import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";
import { WorldError } from "../../base/errors.js";

// A port nobody needs on an address nobody uses: holding it is the claim, and the kernel gives it
// back when this process ends in whatever way.
const claimPort = 39_560;
const attempts = 64;

/** A /24 of the loopback network that no other rig on this machine uses, as long as it is held. */
export interface SubnetClaim {
  /** `A.B` of 127.A.B.x. */
  readonly subnet: string;
  release(): Promise<void>;
}

function listen(host: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen({ host, port: claimPort, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Claims a free subnet, across processes. Throws RIG_FAILED when it finds none. */
export async function claimSubnet(): Promise<SubnetClaim> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const subnet = `${randomInt(1, 255)}.${randomInt(0, 256)}`;
    const server = await listen(`127.${subnet}.254`);
    if (server === null) continue;
    return { subnet, release: () => new Promise((resolve) => server.close(() => resolve())) };
  }
  throw new WorldError("RIG_FAILED", "found no free loopback subnet for the virtual rig", {
    advice: "Stop virtual rigs that are no longer needed.",
  });
}
