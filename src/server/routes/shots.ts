import { Router } from "express";
import { z } from "zod";
import { CallerError } from "../../base/errors.js";
import type { Dataset, ShotFilter } from "../../dataset/dataset.js";
import { triggerOutcomeSchema, verdictSchema } from "../../schema/records.js";

/** A page is at most this long; the web page asks for the next one as it scrolls. */
const pageLimit = 200;

const query = z.strictObject({
  session: z.string().optional(),
  outcome: triggerOutcomeSchema.optional(),
  verdict: verdictSchema.optional(),
  limit: z.coerce.number().int().min(1).max(pageLimit).default(pageLimit),
  offset: z.coerce.number().int().min(0).default(0),
});

function filterOf(parameters: unknown): ShotFilter {
  const parsed = query.safeParse(parameters);
  if (!parsed.success) {
    throw new CallerError("USAGE", `Bad query: ${z.prettifyError(parsed.error)}`, {
      advice: "Allowed: session, outcome, verdict, limit (1 to 200), offset.",
    });
  }
  const { session, outcome, verdict, limit, offset } = parsed.data;
  return {
    purpose: "pair",
    limit,
    offset,
    ...(session === undefined ? {} : { sessionId: session }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

/** `GET /?session&outcome&verdict&limit&offset` shots in order; `GET /:shotId` one. */
export function shotRoutes(dataset: Dataset): Router {
  const router = Router();
  router.get("/", async (request, response) => {
    response.json({ shots: await dataset.shots(filterOf(request.query)) });
  });
  router.get("/:shotId", async (request, response) => {
    const shotId = Number(request.params.shotId);
    const shot = Number.isSafeInteger(shotId) ? await dataset.shot(shotId) : null;
    if (shot === null) {
      throw new CallerError("NOT_FOUND", `There is no shot ${request.params.shotId}.`, {
        advice: "GET /api/shots lists them.",
      });
    }
    response.json(shot);
  });
  return router;
}
