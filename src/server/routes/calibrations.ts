import { type Response, Router } from "express";
import { reportPolicy } from "../../calibration/report/report-policy.js";
import type { Dataset } from "../../dataset/dataset.js";
import type { CalibrationPages } from "../calibration-pages.js";

/** Records and what is made of them never change; but a newer program may write a better report. */
const keep = (response: Response, seconds: number): Response =>
  response.set("Cache-Control", `private, max-age=${seconds}`);
const [hour, minute] = [3600, 60];

/**
 * `GET /` all calibrations, newest first; `GET /:calibrationId` the record; `GET /:calibrationId/summary` its
 * verdict, gates and first numbers.
 */
export function calibrationRoutes(dataset: Dataset, pages: CalibrationPages): Router {
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
    const record = await dataset.readCalibration(request.params.calibrationId);
    keep(response, hour).json(record);
  });
  router.get("/:calibrationId/summary", async (request, response) => {
    const summary = await pages.summary(request.params.calibrationId);
    keep(response, hour).json(summary);
  });
  return router;
}

/** `GET /:calibrationId/report`: the report as a page that may load nothing. */
export function reportRoutes(pages: CalibrationPages): Router {
  const router = Router();
  router.get("/:calibrationId/report", async (request, response) => {
    const report = await pages.report(request.params.calibrationId);
    keep(response, minute)
      .type("html")
      .set("Content-Security-Policy", `${reportPolicy}; frame-ancestors 'none'; sandbox`)
      .set("X-Content-Type-Options", "nosniff")
      .send(report);
  });
  return router;
}
