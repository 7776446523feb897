/** The whole content of a store's database, for comparisons. */
import { SqliteConnection } from "../../src/dataset/sqlite-connection.js";

/** Scratch of the audit, which no rebuild restores. */
const scratchTables = new Set(["audit_progress"]);

/** Every row of every table in order of its key, 64-bit integers as SQLite's own text. */
export async function allRows(directory: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const connection = await SqliteConnection.open(`${directory}/nearfar.sqlite`, { access: "read" });
  try {
    const tables = await connection.all<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table'",
    );
    const content: Record<string, readonly string[]> = {};
    for (const { name } of tables) {
      if (scratchTables.has(name)) continue;
      const columns = await connection.all<{ name: string }>("SELECT name FROM pragma_table_info(?)", [name]);
      const row = columns.map((column) => `quote("${column.name}")`).join(" || ' ' || ");
      const rows = await connection.all<{ row: string }>(`SELECT ${row} AS row FROM "${name}" ORDER BY 1`);
      content[name] = rows.map((each) => each.row);
    }
    return content;
  } finally {
    await connection.close();
  }
}
