/** INSERT from objects whose keys are column names. Never given names from outside. */
import type { SqliteConnection, SqlValue } from "./sqlite-connection.js";

export interface Row {
  readonly columns: Readonly<Record<string, SqlValue>>;
  /** Decimal strings of up to 64 bits. */
  readonly integers: Readonly<Record<string, string | null>>;
}

export function insertRow(
  connection: SqliteConnection,
  table: string,
  columns: Row["columns"],
  integers: Row["integers"] = {},
): Promise<void> {
  return insertRows(connection, table, [{ columns, integers }]);
}

/** Inserts rows of the same columns by one statement. */
export async function insertRows(
  connection: SqliteConnection,
  table: string,
  rows: readonly Row[],
  onConflict = "",
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first.columns);
  const integers = Object.keys(first.integers);
  const places = [...columns.map(() => "?"), ...integers.map(() => "CAST(? AS INTEGER)")].join(", ");
  await connection.run(
    `INSERT INTO ${table} (${[...columns, ...integers].join(", ")})
     VALUES ${rows.map(() => `(${places})`).join(", ")} ${onConflict}`,
    rows.flatMap((row) => [...Object.values(row.columns), ...Object.values(row.integers)]),
  );
}
