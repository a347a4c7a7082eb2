/**
 * Prints a store of the present schema with one run and one node as SQL:
 * `deno run -A tests/support/store_fixture.ts > tests/fixtures/store/v<N>.sql`, once for each
 * released schema; a file that is released is never written again.
 *
 * @module
 */
import { openTest, runOnce, scopeKey } from "./store.ts";

if (import.meta.main) {
  using store = await openTest();
  runOnce(store, "r1", [{ scope: scopeKey(), nodes: [{ id: "old", body: { state: "x" } }] }]);
  const pragma = (name: string) => store.db.get<Record<string, number>>(`PRAGMA ${name}`)?.[name];
  const lines = [
    `PRAGMA application_id = ${0x636b776b};`,
    `PRAGMA user_version = ${pragma("user_version")};`,
  ];
  const tables = store.db.all<{ name: string; sql: string | null; type: string }>(
    "SELECT name, sql, type FROM sqlite_schema WHERE type <> 'view' AND name NOT LIKE 'sqlite_%'",
  );
  for (const { sql } of tables) if (sql !== null) lines.push(`${sql};`);
  for (const { name, type } of tables) {
    if (type !== "table" || name === "meta") continue;
    for (
      const row of store.db.all<Record<string, string | number | null>>(`SELECT * FROM ${name}`)
    ) {
      const values = Object.values(row).map(literal);
      lines.push(
        `INSERT INTO ${name}(${Object.keys(row).join(", ")}) VALUES (${values.join(", ")});`,
      );
    }
  }
  await Deno.stdout.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
}

function literal(value: string | number | null): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}
