const PAGE = new URL("../../../docs/queries.md", import.meta.url);

/** The queries of the everyday questions, as the documentation has them, in order. */
export async function everydayQueries(): Promise<readonly string[]> {
  const page = await Deno.readTextFile(PAGE);
  const section = page.slice(page.indexOf("## Everyday"), page.indexOf("## The language"));
  return [...section.matchAll(/^ckworker query '(.*)'$/gm)].map(([, query]) => query ?? "");
}

/** The one question that is answered by SQL. */
export async function everydaySql(): Promise<string> {
  const page = await Deno.readTextFile(PAGE);
  return /^sqlite3 ckworker\.db "(.*)"$/m.exec(page)?.[1] ?? "";
}
