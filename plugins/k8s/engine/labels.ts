import { ChangeError } from "ckworker";

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * Tags are labels, and not everything can be one. An annotation would take any value, but not be
 * among the tags that are collected, so there is no way round.
 * @throws ChangeError `unsupported` that tells the rule
 */
export function refuseTag(key: string, value: string): void {
  if (!isKey(key)) {
    const rule = "a key is an optional DNS name and a slash, then up to 63 of A-Za-z0-9-_.";
    throw new ChangeError("unsupported", `"${key}" cannot be the key of a label: ${rule}`);
  }
  if (value !== "" && !NAME.test(value)) {
    const rule = "a value is empty or up to 63 of A-Za-z0-9-_.";
    throw new ChangeError(
      "unsupported",
      `this value of "${key}" cannot be that of a label: ${rule}`,
    );
  }
}

function isKey(key: string): boolean {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2 || !NAME.test(name)) return false;
  const [prefix] = parts;
  return parts.length === 1 ||
    (prefix !== undefined && prefix.length <= 253 && PREFIX.test(prefix));
}
