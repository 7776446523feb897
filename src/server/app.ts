import express, { type ErrorRequestHandler, type Express } from "express";
import { NearfarError } from "../base/errors.js";
import type { Logger } from "../base/log.js";
import type { Dataset } from "../dataset/dataset.js";
import { AlignmentPages } from "./alignment-pages.js";
import { CalibrationPages } from "./calibration-pages.js";
import { alignmentRoutes } from "./routes/alignments.js";
import { calibrationRoutes, reportRoutes } from "./routes/calibrations.js";
import { previewRoutes } from "./routes/previews.js";
import { sessionRoutes } from "./routes/sessions.js";
import { shotRoutes } from "./routes/shots.js";

export interface ServerOptions {
  readonly dataset: Dataset;
  /** Folder of the built page (`index.html` and its assets). */
  readonly pageFolder: string;
  readonly logger: Logger;
}

/** The read-only web application over one dataset. */
export function createApp(options: ServerOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  const pages = new CalibrationPages(options.dataset);
  app.use("/api/sessions", sessionRoutes(options.dataset));
  app.use("/api/shots", shotRoutes(options.dataset));
  app.use("/api/alignments", alignmentRoutes(options.dataset, new AlignmentPages(options.dataset)));
  app.use("/api/calibrations", calibrationRoutes(options.dataset, pages));
  app.use("/calibrations", reportRoutes(pages));
  app.use("/previews", previewRoutes(options.dataset));
  app.use("/api", (_request, response) => {
    response.status(404).json({ code: "NOT_FOUND", message: "There is no such resource." });
  });
  app.use(express.static(options.pageFolder, { fallthrough: true }));
  app.use(sendError(options.logger));
  return app;
}

/** Errors leave as `{code, message, advice}`; what is not ours leaves as a bare 500. */
function sendError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    // What was set for the answer that failed must not let a browser keep the failure.
    response.removeHeader("ETag");
    response.set("Cache-Control", "no-store");
    if (error instanceof NearfarError) {
      const status = error.code === "NOT_FOUND" ? 404 : error.kind === "usage" ? 400 : 503;
      response.status(status).json({ code: error.code, message: error.message, advice: error.advice });
      return;
    }
    logger.error({ error, url: request.url }, "request failed");
    response.status(500).json({ code: "INTERNAL", message: "The server failed; its log says more." });
  };
}
