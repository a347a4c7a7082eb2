import { z } from "zod";
import { runPython } from "./python.ts";

/** Which part of the full estate to make; less is faster. */
export interface EstateOptions {
  /** Member accounts beside the management account, 2. */
  readonly members?: number;
  /** `us-east-1`, `eu-west-1` and `ap-southeast-2`. */
  readonly regions?: readonly string[];
  /** One more member that is suspended, true. */
  readonly suspended?: boolean;
  /** More running instances per region, each with an available volume, 0. */
  readonly extra?: number;
  /** No resources, only accounts. */
  readonly onlyOrganisation?: boolean;
}

const account = z.object({ id: z.string(), name: z.string() });
const estate = z.object({
  management: z.string(),
  role: z.string(),
  accounts: z.array(account),
  suspended: z.array(account),
  regions: z.array(z.string()),
  seconds: z.number(),
});
const node = z.looseObject({ name: z.string() });
const kinds = z.record(z.string(), z.record(z.string(), node));
const edge = z.tuple([z.string(), z.string(), z.string(), z.string()]);
const counts = z.object({
  nodes: z.record(z.string(), z.record(z.string(), kinds)),
  edges: z.record(z.string(), z.record(z.string(), z.array(edge))),
});

/** What was seeded: the accounts (management first), the role to assume and the regions. */
export type Estate = z.infer<typeof estate>;

/**
 * What moto holds: nodes by account, region (`global` for global kinds), kind and id; edges as
 * [from kind, from id, to kind, to id] within one region.
 */
export type ExpectedCounts = z.infer<typeof counts>;

/**
 * Resets a moto server and fills it. The full estate takes about 17 s.
 * Start moto with `MOTO_IAM_LOAD_MANAGED_POLICIES=true` to have one attached managed policy.
 * @throws Error with the error output when seeding fails
 */
export async function seedEstate(
  moto: { readonly url: string },
  options: EstateOptions = {},
): Promise<Estate> {
  const { members, regions, suspended, extra, onlyOrganisation } = options;
  const output = await runPython(new URL("./aws_estate.py", import.meta.url), [
    "--url",
    moto.url,
    ...(members === undefined ? [] : ["--members", String(members)]),
    ...(regions === undefined ? [] : ["--regions", regions.join(",")]),
    ...(extra === undefined ? [] : ["--extra", String(extra)]),
    ...(suspended === false ? ["--no-suspended"] : []),
    ...(onlyOrganisation === true ? ["--only-organisation"] : []),
  ], QUIET);
  return estate.parse(JSON.parse(output));
}

/** Counts what moto holds in these accounts and regions, by boto3 and none of our code. */
export async function expectedCounts(
  moto: { readonly url: string },
  of: Pick<Estate, "accounts" | "regions">,
): Promise<ExpectedCounts> {
  const output = await runPython(new URL("./aws_expect.py", import.meta.url), [
    "--url",
    moto.url,
    "--accounts",
    of.accounts.map(({ id }) => id).join(","),
    "--regions",
    of.regions.join(","),
  ], QUIET);
  return counts.parse(JSON.parse(output));
}

/** No byte code beside the scripts. */
const QUIET = { PYTHONDONTWRITEBYTECODE: "1" };
