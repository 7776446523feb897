/** What a report says besides its record. */
export interface ReportContext {
  /** When the report is made; then it says whether the calibration has expired. */
  readonly now?: Date;
  /** Where the whole record is, for a link. */
  readonly recordHref?: string;
}
