import { dateText, normalDate } from "../date.ts";
import { parseTagDuration } from "../duration.ts";
import { orderJson } from "./order.ts";

/** What a function of SQL gets and gives. */
export type SqlArgument = string | number | bigint | null | Uint8Array;

/** A function that statements of queries call. */
export interface SqlFunction {
  readonly name: string;
  readonly run: (...values: SqlArgument[]) => string | number | null;
}

/** All functions that statements of queries call, to be made known to SQLite once. */
export function sqlFunctions(): readonly SqlFunction[] {
  const patterns = new Map<string, RegExp>();
  return [
    {
      name: "ck_match",
      run: (pattern, text) => {
        const source = String(pattern);
        const known = patterns.get(source) ?? new RegExp(source);
        patterns.set(source, known);
        return known.test(String(text)) ? 1 : 0;
      },
    },
    { name: "ck_in_subnet", run: (text, net) => inSubnet(String(text), String(net)) ? 1 : 0 },
    { name: "ck_order", run: (a, b) => orderJson(textOrNull(a), textOrNull(b)) },
    { name: "ck_date", run: (text) => normalDate(String(text)) ?? null },
    { name: "ck_expiry", run: (length, start) => expiry(String(length), String(start)) },
  ];
}

function textOrNull(value: SqlArgument | undefined): string | null {
  return value === undefined || value === null ? null : String(value);
}

function inSubnet(text: string, net: string): boolean {
  const [base = "", bits = "0"] = net.split("/");
  const [address, network] = [ipNumber(text), ipNumber(base)];
  if (address === undefined || network === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(network / size);
}

function ipNumber(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function expiry(length: string, start: string): string | null {
  const ms = parseTagDuration(length);
  const from = Date.parse(start);
  const end = from + (ms ?? NaN);
  return Number.isNaN(end) || Math.abs(end) > 8.64e15 ? null : dateText(end);
}
