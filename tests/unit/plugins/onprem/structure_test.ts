import assert from "node:assert/strict";
import { parseServer } from "../../../../plugins/onprem/access/server.ts";
import { locationsOf } from "../../../../plugins/onprem/structure.ts";

Deno.test("locations: the default ones always, and each that a server names, once", () => {
  const servers = ["a", "x%y%b", "x%y%n%c", "x%d", "z%y%n%e"].map(parseServer)
    .filter((server) => typeof server !== "string");
  const found = locationsOf(servers, { location: "L", region: "R" });
  assert.deepEqual(
    found.map(({ id, regions, networks }) => [
      id,
      [...regions],
      [...networks].map(([region, names]) => [region, ...names]),
    ]),
    [
      ["L", ["R"], [["R"]]],
      ["x", ["y"], [["y", "n"]]],
      ["z", ["y"], [["y", "n"]]],
    ],
  );
});
