import { Router } from "express";
import { reportHtml } from "../../calibration/report/report-html.js";
import { reportJson } from "../../calibration/report/report-json.js";
import { reportPolicy } from "../../calibration/report/report-policy.js";
import type { Dataset } from "../../dataset/dataset.js";

/**
 * `GET /` all calibrations, newest first; `GET /:calibrationId` the record; `GET /:calibrationId/summary` its
 * verdict, gates and first numbers.
 */
export function calibrationRoutes(dataset: Dataset): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    const entries = await dataset.calibrations({});
    const rows = entries.map(({ calibrationId, kind, createdAt, expiresAt, rig, verdict }) => ({
      calibrationId,
      kind,
      createdAt,
      expiresAt,
      rigName: rig?.name ?? null,
      verdict,
    }));
    response.json({ calibrations: rows });
  });
  router.get("/:calibrationId", async (request, response) => {
    response.json(await dataset.readCalibration(request.params.calibrationId));
  });
  router.get("/:calibrationId/summary", async (request, response) => {
    const summary = reportJson(await dataset.readCalibration(request.params.calibrationId));
    // Records never change, and reading a large one takes a moment.
    response.set("Cache-Control", "private, max-age=3600").json(summary);
  });
  return router;
}

/** `GET /:calibrationId/report`: the report as a page that may load nothing. */
export function reportRoutes(dataset: Dataset): Router {
  const router = Router();
  router.get("/:calibrationId/report", async (request, response) => {
    const record = await dataset.readCalibration(request.params.calibrationId);
    const recordHref = `/api/calibrations/${record.calibrationId}`;
    response
      .type("html")
      .set("Content-Security-Policy", `${reportPolicy}; frame-ancestors 'none'; sandbox`)
      .set("X-Content-Type-Options", "nosniff")
      .send(reportHtml(record, { now: new Date(), recordHref }));
  });
  return router;
}
