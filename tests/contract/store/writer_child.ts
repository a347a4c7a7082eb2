/**
 * Writes runs into a store until it is killed: `writer_child.ts <store> <run number>`. Each run
 * gives every scope the nodes of its number, and a line tells which scope is closed.
 *
 * @module
 */
import { begin, look, openTest, scopeKey } from "../../support/store.ts";

if (import.meta.main) {
  const [path = "", first = "1"] = Deno.args;
  using store = await openTest({ path });
  const run = Number(first);
  const writer = begin(store, `r${run}`);
  for (let scope = 0; scope < 1000; scope++) {
    const nodes = Array.from({ length: 40 }, (_, index) => ({
      id: `${scope}-${run}-${index}`,
      body: { state: `${run}`.repeat(50) },
    }));
    look(writer, { scope: scopeKey(`s${scope}`), nodes }, scope * 40);
    Deno.stdout.writeSync(new TextEncoder().encode(`${scope}\n`));
  }
}
