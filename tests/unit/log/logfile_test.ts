import assert from "node:assert/strict";
import { ConfigError } from "../../../lib/errors/mod.ts";
import { openLogfile } from "../../../lib/log/mod.ts";

Deno.test("openLogfile: creates the file and appends to what is there", () => {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, "before\n");
  {
    using file = openLogfile(path);
    file.write("one\n");
    file.write("two ü\n");
  }
  assert.equal(Deno.readTextFileSync(path), "before\none\ntwo ü\n");
  Deno.removeSync(path);
});

Deno.test("openLogfile: a file that cannot be opened is a ConfigError naming file and flag", () => {
  const folder = Deno.makeTempDirSync();
  for (const path of [folder, `${folder}/absent/file.log`]) {
    assert.throws(() => openLogfile(path), (thrown) => {
      assert.ok(thrown instanceof ConfigError);
      assert.ok(thrown.message.includes(path));
      assert.equal(thrown.context.subject, "--logfile");
      return true;
    });
  }
  Deno.removeSync(folder);
});

Deno.test("openLogfile: a new file is its owner's alone", () => {
  const folder = Deno.makeTempDirSync();
  openLogfile(`${folder}/new.log`)[Symbol.dispose]();
  assert.equal((Deno.statSync(`${folder}/new.log`).mode ?? 0) & 0o777, 0o600);
  Deno.removeSync(folder, { recursive: true });
});
