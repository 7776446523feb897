/** The two time bases of nearfar; `app` hands in the system's, tests their own. */
export interface Clock {
  /** CLOCK_MONOTONIC in ns: for intervals and for pairing, meaningless across boots. */
  monotonicNs(): bigint;
  /** Wall clock as an ISO 8601 string in UTC with ms: for records, never for intervals. */
  utcNow(): string;
}
