/** How a host reaches the internet by one family of addresses. */
export interface Route {
  readonly device: string;
  /** Address that it sends from; absent where the answer names none. */
  readonly source?: string;
}

/** Reads what `ip route get` answers; undefined when it names no device. */
export function readRoute(text: string): Route | undefined {
  const device = wordAfter(text, "dev");
  const source = wordAfter(text, "src");
  if (device === undefined) return undefined;
  return source === undefined ? { device } : { device, source };
}

/**
 * The address of one family that `ip addr show` lists, with the length of its prefix: the one that
 * is sent from, else the first that is good everywhere, else the first.
 */
export function readAddress(
  text: string,
  family: "inet" | "inet6",
  source: string | undefined,
): string | undefined {
  const lines = [...text.matchAll(new RegExp(`^\\s*${family} (\\S+)(.*)$`, "gm"))]
    .map(([, address = "", rest = ""]) => ({ address, isGlobal: /\bscope global\b/.test(rest) }));
  const found = lines.find(({ address }) => address.split("/")[0] === source) ??
    lines.find(({ isGlobal }) => isGlobal) ?? lines[0];
  return found?.address;
}

function wordAfter(text: string, word: string): string | undefined {
  return new RegExp(`(?:^|\\s)${word} (\\S+)`).exec(text)?.[1];
}
