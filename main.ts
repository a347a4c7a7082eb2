/**
 * The program: composes plugins and command line. What only some commands need is loaded by them.
 *
 * @module
 */
import { COMMANDS, main, pluginFiles, systemIo } from "./lib/cli/mod.ts";
import { GUEST_COMMAND } from "./lib/sandbox/guest_command.ts";
import { actions, plugins } from "./plugins/mod.ts";

const collecting = () => import("./lib/collect/mod.ts");
const daemon = () => import("./lib/daemon/main.ts");
const sandbox = () => import("./lib/sandbox/mod.ts");

if (import.meta.main) {
  if (Deno.args[0] === GUEST_COMMAND) await (await sandbox()).runGuestChild();
  else {
    const code = await main({
      args: Deno.args,
      env: Deno.env.toObject(),
      io: systemIo(),
      plugins,
      actions,
      commands: COMMANDS,
      base: import.meta.url,
      collect: async (request) => await (await collecting()).collectOnce(request),
      collectFor: async (request) => await (await daemon()).collectForCore(request),
      serve: async (request) => await (await daemon()).serveCore(request),
      examine: async (request) => await (await collecting()).examine(request),
      startChanger: async (setup) => await (await sandbox()).startChanger(setup),
      work: async (request) => await (await import("./lib/workflow/main.ts")).workOnce(request),
      async *select(store, text, signal) {
        yield* (await import("./lib/embedded/mod.ts")).selectNodes(store, text, signal);
      },
      revokeRights: async (needs) => await (await sandbox()).revokeRights(needs),
      ...pluginFiles(plugins),
    });
    Deno.exit(code);
  }
}
