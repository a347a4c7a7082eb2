import assert from "node:assert/strict";
import { z } from "zod";
import { chooseCollectors } from "../../../lib/cli/collectors.ts";
import { defineManifest, type PluginEntry } from "../../../lib/sdk/mod.ts";
import { CLOUDY, DEMO } from "../../support/cli_plugins.ts";

/** Borrows the clouds that its option names. */
const BORROWER: PluginEntry = {
  ...DEMO,
  manifest: defineManifest({
    ...DEMO.manifest,
    name: "file",
    clouds: ["file"],
    onlyWhenNamed: false,
    options: z.object({ cloud: z.array(z.string()).default([]) }),
    borrows: ({ cloud }) => cloud,
  }),
};

const SIGHT = { env: { CLOUD_KEY: "k" }, readText: () => "" };

function choose(names: readonly string[], cloud: readonly string[]) {
  const optionsOf = ({ manifest }: PluginEntry) =>
    manifest.name === "file" ? { cloud } : manifest.options.parse({});
  return chooseCollectors([CLOUDY, DEMO, BORROWER], names, optionsOf, SIGHT).taking;
}

Deno.test("collectors: a cloud is lent with all kinds of its plugin", () => {
  const [request] = choose(["file"], ["cloudy", "cloudy"]);
  assert.deepEqual(request?.lent, [{ cloud: "cloudy", kinds: CLOUDY.model.kinds }]);
});

Deno.test("collectors: who borrows nothing is lent nothing", () => {
  assert.deepEqual(choose([], []).map(({ lent }) => lent), [undefined, undefined]);
});

Deno.test("collectors: a cloud with two sources in one run is refused", () => {
  const message = "both cloudy and file would yield the cloud cloudy";
  assert.throws(() => choose([], ["cloudy"]), { message });
  assert.throws(() => choose(["file", "cloudy"], ["cloudy"]), { message });
});

Deno.test("collectors: a cloud that nobody has, and one that is itself borrowed from, is refused", () => {
  for (const name of ["clody", "file", "__proto__"]) {
    assert.throws(() => choose(["file"], [name]), { message: `file: there is no cloud ${name}` });
  }
});
