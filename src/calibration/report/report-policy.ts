import { createHash } from "node:crypto";
import { stylesheet } from "./stylesheet.js";

/** Content security policy of a report: its own style sheet, by hash, and nothing else. */
export const reportPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(stylesheet).digest("base64")}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
