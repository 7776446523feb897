import { Router } from "express";
import { CallerError } from "../../base/errors.js";
import type { Dataset } from "../../dataset/dataset.js";
import { armSchema } from "../../schema/records.js";

/** `GET /:shotId/:arm.jpg`: the preview of one frame, upright and un-mirrored. */
export function previewRoutes(dataset: Dataset): Router {
  const router = Router();
  router.get("/:shotId/:file", (request, response, next) => {
    const shotId = Number(request.params.shotId);
    const arm = armSchema.safeParse(request.params.file.replace(/\.jpg$/, ""));
    if (!Number.isSafeInteger(shotId) || !arm.success) {
      next(noPreview());
      return;
    }
    response.sendFile(dataset.previewPath(shotId, arm.data), { maxAge: "1h", dotfiles: "allow" }, (error) => {
      if (error && !response.headersSent) next(noPreview());
    });
  });
  return router;
}

function noPreview(): CallerError {
  return new CallerError("NOT_FOUND", "There is no such preview.", {
    advice: "Previews are derived data: the frame itself is still in the store.",
  });
}
