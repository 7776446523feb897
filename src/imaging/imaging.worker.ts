/** Thread entry of the imaging pool. */
import { imagingJobs } from "./imaging-jobs.js";
import { serveJobs } from "./worker-jobs.js";

serveJobs(imagingJobs);
