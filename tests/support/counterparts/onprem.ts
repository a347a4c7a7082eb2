import { join } from "node:path";
import { serverWith } from "../onprem/host.ts";
import { LOGIN, type Sshd, startSshd } from "../onprem/sshd.ts";
import { makeKey } from "../onprem/ssh_tools.ts";
import { type Counterpart, MAIN, type PluginCounterpart, type Trouble } from "./counterpart.ts";

/** Two real OpenSSH servers; the second has the troubles. */
export const onprem: PluginCounterpart = { plugin: "onprem", base: MAIN, start };

async function start(holding: "everything" | "nothing"): Promise<Counterpart> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "ckworker-onprem-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const key = await makeKey(join(folder, "key"));
  const setup = { authorized: [key.line] };
  const [good, bad] = [stack.use(await startSshd(setup)), stack.use(await startSshd(setup))];
  const known = join(folder, "known_hosts");
  await Deno.writeTextFile(known, good.knownHosts() + bad.knownHosts());
  const servers = [`rack%left%dmz%127.0.0.1:${good.port}`, `rack%right%127.0.0.1:${bad.port}`];
  const life = stack.move();
  return {
    configuration: {
      options: {
        // Without a server nobody is asked: the least is one.
        server: holding === "everything" ? servers : servers.slice(1),
        ssh_user: LOGIN,
        ssh_key: key.path,
        known_hosts: [known],
      },
    },
    trouble: (what) => spoil(good, bad, key.line, what),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

async function spoil(
  good: Sshd,
  bad: Sshd,
  login: string,
  what: Trouble | undefined,
): Promise<void> {
  const authorized = what === "no credentials" ? [] : [login];
  await Promise.all([good, bad].map((each) => each.authorize(authorized)));
  bad.instead = what === "broken list" ? () => Promise.resolve() : undefined;
  const isBad = what === "bad record";
  await bad.become(serverWith(isBad ? { "/proc/meminfo": "nothing of the kind\n" } : {}));
}
