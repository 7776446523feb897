import { Router } from "express";
import { CallerError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import { noVerdicts } from "../../dataset/verdict-counts.js";

/** `GET /` all sessions with counts, newest first; `GET /:sessionId` one. */
export function sessionRoutes(dataset: Dataset): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    const sessions = await dataset.sessions();
    const counts = await dataset.verdictCounts();
    const alignments = await dataset.alignmentCounts();
    const rows = sessions.map(({ sessionId, startedAt, endedAt, subject, rigName }) => ({
      sessionId,
      startedAt,
      endedAt,
      subjectId: subject.subjectId,
      rigName,
      ...(counts.get(sessionId) ?? noVerdicts),
      aligned: alignments.get(sessionId)?.aligned ?? 0,
    }));
    response.json({ sessions: rows });
  });
  router.get("/:sessionId", async (request, response) => {
    const session = await dataset.session(request.params.sessionId);
    if (session === null) {
      throw new CallerError("NOT_FOUND", `There is no session ${request.params.sessionId}.`, {
        advice: "GET /api/sessions lists them.",
      });
    }
    response.json(session);
  });
  return router;
}
