import { text, texts } from "../engine/path.ts";
import { quotas } from "./quota.ts";
import type { Hook } from "../resource.ts";

/** A limit that instances of some types share. */
export interface QuotaGroup {
  /** Id of the quota node. */
  readonly id: string;
  /** What it counts: `vcpu`, or `standard` for instances or hosts. */
  readonly unit: "vcpu" | "standard";
  /** Names at Service Quotas that it has or had. */
  readonly names: readonly string[];
}

const STANDARD = vcpus("standard_ondemand", "Standard (A, C, D, H, I, M, R, T, Z)");
const GRAPHICS = vcpus("g_ondemand", "G and VT", "G");

/** Families of more than one letter that do not share the limit of their first letter. */
const FAMILIES: Readonly<Record<string, QuotaGroup>> = {
  dl: vcpus("dl_ondemand", "DL"),
  hpc: vcpus("hpc_ondemand", "HPC"),
  inf: vcpus("inf_ondemand", "Inf"),
  trn: vcpus("trn_ondemand", "Trn"),
  vt: GRAPHICS,
};

const LETTERS: Readonly<Record<string, QuotaGroup>> = {
  ...Object.fromEntries([..."acdhimrtz"].map((letter) => [letter, STANDARD])),
  f: vcpus("f_ondemand", "F"),
  g: GRAPHICS,
  p: vcpus("p_ondemand", "P"),
  x: vcpus("x_ondemand", "X"),
};

/** Families that run on hosts of their own only. */
const HOSTS: ReadonlySet<string> = new Set(["mac"]);

/** The limit that counts instances of a type. Source: quota names of Service Quotas, service `ec2`. */
export function quotaGroup(type: string): QuotaGroup {
  const family = /^[a-z]+/.exec(type)?.[0] ?? "";
  const shared = HOSTS.has(family) ? undefined : FAMILIES[family] ?? LETTERS[family.charAt(0)];
  return shared ?? {
    id: `${type}_quota`,
    unit: "standard",
    names: [`Running On-Demand ${type} hosts`, `Running Dedicated ${type.split(".")[0]} Hosts`],
  };
}

/** Limit of each group. */
export const GROUP_QUOTAS: Hook = quotas("ec2", (raw) => texts(raw["Names"]));

/** Limit for the instance type of each structure. */
export const TYPE_QUOTAS: Hook = quotas(
  "ec2",
  (raw) => quotaGroup(text(raw, "InstanceType") ?? "").names,
);

function vcpus(name: string, ...families: readonly string[]): QuotaGroup {
  return {
    id: `${name}_quota`,
    unit: "vcpu",
    names: families.map((family) => `Running On-Demand ${family} instances`),
  };
}
