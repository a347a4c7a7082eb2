/** Parts of the answer, in their order. */
export const PARTS = [
  "meminfo",
  "cpuinfo",
  "route4",
  "route6",
  "address",
  "uname",
  "hostname",
  "release",
  "uptime",
  "vendor",
  "model",
  "virtual",
] as const;

/** Name of a part. */
export type Part = typeof PARTS[number];

/** Files and commands that only some hosts have: without them a part is empty, and that is no fault. */
const IF_THERE = (path: string) => `if [ -r ${path} ]; then cat ${path}; fi`;

const READ: Readonly<Record<Part, string>> = {
  meminfo: "cat /proc/meminfo",
  cpuinfo: "cat /proc/cpuinfo",
  // The device is what stands behind the word dev.
  route4: `r=$(ip route get 8.8.8.8); x=$?; echo "$r"; f "$r"; t $x`,
  route6: `r=$(ip -6 route get 2001:4860:4860::8888); x=$?; echo "$r"; f "$r"; t $x`,
  address: `if [ -n "$d" ]; then ip addr show dev "$d"; fi`,
  uname: "uname -srm",
  hostname: "uname -n",
  release: `if [ -r /etc/os-release ]; then cat /etc/os-release; else ${
    IF_THERE("/usr/lib/os-release")
  }; fi`,
  uptime: IF_THERE("/proc/uptime"),
  vendor: IF_THERE("/sys/class/dmi/id/sys_vendor"),
  model: IF_THERE("/sys/class/dmi/id/product_name"),
  // Where there is one; it ends with 1 when it says "none".
  virtual: "systemd-detect-virt 2>/dev/null || t 0",
};

/**
 * The one command that a host is asked to run: it reads, and changes nothing. Both of its streams tell
 * where each part begins, its output also how the part ended. It holds no single quote, backslash or
 * line end, so that any login shell (csh, fish) hands it on to `sh` as it is.
 * @param mark a text that no file of the host can hold, since it is made for this visit
 */
export function factsCommand(mark: string): string {
  const helpers = [
    `LC_ALL=C PATH=$PATH:/usr/sbin:/sbin`,
    `export LC_ALL PATH`,
    `d=`,
    `t() { return "$1"; }`,
    `f() { case "$1" in *" dev "*) d=\${1#* dev }; d=\${d%% *};; esac; }`,
    `b() { echo "${mark} $1"; echo "${mark} $1" >&2; }`,
    // On a line of its own: the last line of a file may have no end.
    `e() { x=$?; echo; echo "${mark} = $x"; }`,
  ];
  const parts = PARTS.map((part) => `b ${part}; ${READ[part]}; e`);
  return `sh -c '${[...helpers, ...parts].join("; ")}'`;
}
