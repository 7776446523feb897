/** sqlite3's symbolic code (`SQLITE_FULL`, …) or Node's errno name (`ENOSPC`, …); "" when there is none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
