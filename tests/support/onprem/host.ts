import { join } from "node:path";

/** What a host shows of itself; what is absent it does not have. */
export interface Host {
  /** Text by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Bodies of shell scripts by name of the command; `cat` and `sh` are always there. */
  readonly commands?: Readonly<Record<string, string>>;
}

/** Paths that the command of the plugin reads. */
const ROOTS = ["/proc/", "/etc/", "/usr/lib/", "/sys/"];

/** Programs that a host has in any case. */
const REAL = ["sh", "cat"];

/**
 * Writes a host into a folder, and the script that runs a command there: real programs, but the files
 * and commands are those of the host alone.
 * @returns path of the script, for `ForceCommand`
 */
export async function writeHost(
  folder: string,
  { files = {}, commands = {} }: Host,
): Promise<string> {
  const bin = join(folder, "bin");
  await Deno.mkdir(bin, { recursive: true });
  await Deno.remove(join(folder, "root"), { recursive: true }).catch(() => {});
  for await (const { name } of Deno.readDir(bin)) await Deno.remove(join(bin, name));
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, "root", path);
    await Deno.mkdir(join(target, ".."), { recursive: true });
    await Deno.writeFile(target, typeof text === "string" ? new TextEncoder().encode(text) : text);
  }
  for (const name of REAL) await Deno.symlink(`/bin/${name}`, join(bin, name));
  for (const [name, body] of Object.entries(commands)) {
    await Deno.remove(join(bin, name)).catch(() => {});
    await Deno.writeTextFile(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  const moved = ROOTS.map((path) => `-e "s# ${path}# ${folder}/root${path}#g"`).join(" ");
  const script = `#!/bin/sh
command=$(echo "$SSH_ORIGINAL_COMMAND" | sed -e "s#:/usr/sbin:/sbin##" ${moved})
PATH=${bin} exec /bin/sh -c "$command"
`;
  const run = join(folder, "run");
  await Deno.writeTextFile(run, script, { mode: 0o755 });
  return run;
}

const MEMINFO = `MemTotal:       16333760 kB
MemFree:         1024000 kB
`;

const processor = (number: number) =>
  `processor\t: ${number}
vendor_id\t: GenuineIntel
model\t\t: 85
model name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz
flags\t\t: fpu vme

`;

const ADDRESS = `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP
    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff
    inet 169.254.1.1/16 scope link eth0
    inet 10.1.2.3/24 brd 10.1.2.255 scope global dynamic eth0
       valid_lft 3600sec preferred_lft 3600sec
    inet6 2001:db8::3/64 scope global
    inet6 fe80::5054:ff:fe12:3456/64 scope link
`;

/** What `ip` answers. */
export interface Network {
  readonly route4: string;
  readonly route6: string;
  readonly address: string;
}

/** A command `ip`; each body is shell. */
export function ipCommand({ route4, route6, address }: Network): string {
  return `case "$*" in
"route get 8.8.8.8") ${route4};;
"-6 route get 2001:4860:4860::8888") ${route6};;
"addr show dev "*) ${address};;
*) echo "unknown: $*" >&2; exit 1;;
esac`;
}

/** Shell that prints a text. */
export function says(text: string): string {
  return `cat <<'END'\n${text}\nEND\n`;
}

/** The network of {@link SERVER}. */
export const NETWORK: Network = {
  route4: says("8.8.8.8 via 10.1.2.1 dev eth0 src 10.1.2.3 uid 0\n    cache"),
  route6: says("2001:4860:4860::8888 via fe80::1 dev eth0 src 2001:db8::3 metric 100"),
  address: says(ADDRESS),
};

/** A usual server with everything that can be told. */
export const SERVER: Host = {
  files: {
    "/proc/meminfo": MEMINFO,
    "/proc/cpuinfo": [0, 1, 2, 3].map(processor).join(""),
    "/proc/uptime": "86400.12 90000.34\n",
    "/etc/os-release":
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
    "/sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
    "/sys/class/dmi/id/product_name": "PowerEdge R640\n",
  },
  commands: {
    ip: ipCommand(NETWORK),
    uname: `case "$1" in -n) echo web1;; *) echo "Linux 6.1.0-13-amd64 x86_64";; esac`,
    "systemd-detect-virt": "echo none; exit 1",
  },
};

/** A server with some files or commands of another kind; undefined takes one away. */
export function serverWith(
  files: Readonly<Record<string, string | Uint8Array | undefined>>,
  commands: Readonly<Record<string, string | undefined>> = {},
): Host {
  return {
    files: present({ ...SERVER.files, ...files }),
    commands: present({ ...SERVER.commands, ...commands }),
  };
}

function present<Value>(
  values: Readonly<Record<string, Value | undefined>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
  );
}
