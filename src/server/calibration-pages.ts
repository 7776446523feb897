/** Summaries and reports of calibrations, made once: records never change, and a large one takes a while. */
import { reportHtml } from "../calibration/report/report-html.js";
import { reportJson } from "../calibration/report/report-json.js";
import type { Dataset } from "../dataset/dataset.js";
import { RecentValues } from "./recent-values.js";

type CalibrationSummary = ReturnType<typeof reportJson>;

/** Each a few hundred kB at most, but for pairs of many stops. */
const keptReports = 16;
const keptSummaries = 256;

export class CalibrationPages {
  readonly #dataset: Dataset;
  readonly #summaries = new RecentValues<CalibrationSummary>(keptSummaries);
  readonly #reports = new RecentValues<string>(keptReports);

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
  }

  /** @throws CallerError NOT_FOUND; WorldError FILE_CORRUPT. */
  summary(calibrationId: string): Promise<CalibrationSummary> {
    return this.#summaries.get(calibrationId, async () =>
      reportJson(await this.#dataset.readCalibration(calibrationId)),
    );
  }

  /**
   * The report as a page that links to the record. One that expires says so from its first reading after that on.
   * @throws CallerError NOT_FOUND; WorldError FILE_CORRUPT.
   */
  async report(calibrationId: string): Promise<string> {
    const now = new Date();
    const { expiresAt } = await this.summary(calibrationId);
    const hasExpired = expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
    return this.#reports.get(`${calibrationId} ${hasExpired}`, async () => {
      const record = await this.#dataset.readCalibration(calibrationId);
      return reportHtml(record, { now, recordHref: `/api/calibrations/${record.calibrationId}` });
    });
  }
}
