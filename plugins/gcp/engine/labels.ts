import { ChangeError } from "ckworker";

const KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/**
 * Tags are labels, and not everything can be one.
 * @throws ChangeError `unsupported` that tells the rule
 */
export function refuseTag(key: string, value: string): void {
  if (!KEY.test(key)) {
    const rule = "a key is 1 to 63 lower-case letters, digits, - and _, a letter first";
    throw new ChangeError("unsupported", `"${key}" cannot be the key of a label: ${rule}`);
  }
  if (!VALUE.test(value)) {
    const rule = "a value is up to 63 lower-case letters, digits, - and _";
    throw new ChangeError("unsupported", `"${value}" cannot be the value of a label: ${rule}`);
  }
}
