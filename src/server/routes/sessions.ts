import { Router } from "express";
import { CallerError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import { countVerdicts } from "../verdict-counts.js";

/** `GET /` all sessions with counts, newest first; `GET /:sessionId` one. */
export function sessionRoutes(dataset: Dataset): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    const sessions = await dataset.sessions();
    const rows = sessions.map(async (session) => {
      const shots = await dataset.shots({ sessionId: session.sessionId, purpose: "pair" });
      const { sessionId, startedAt, endedAt, subject, rigName } = session;
      return {
        sessionId,
        startedAt,
        endedAt,
        subjectId: subject.subjectId,
        rigName,
        ...countVerdicts(shots),
      };
    });
    response.json({ sessions: await Promise.all(rows) });
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
