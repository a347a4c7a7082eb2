/**
 * The program: composes plugins and command line.
 *
 * @module
 */
import { COMMANDS, main, pluginFiles, systemIo } from "./lib/cli/mod.ts";
import { collectOnce, examine } from "./lib/collect/mod.ts";
import { GUEST_COMMAND, revokeRights, runGuestChild } from "./lib/sandbox/mod.ts";
import { plugins } from "./plugins/mod.ts";

if (import.meta.main) {
  if (Deno.args[0] === GUEST_COMMAND) await runGuestChild();
  else {
    const code = await main({
      args: Deno.args,
      env: Deno.env.toObject(),
      io: systemIo(),
      plugins,
      commands: COMMANDS,
      base: import.meta.url,
      collect: collectOnce,
      examine: (request) => examine(request),
      revokeRights,
      ...pluginFiles(plugins),
    });
    Deno.exit(code);
  }
}
