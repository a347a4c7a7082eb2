import { z } from "zod";
import { BASE_KINDS } from "../model/mod.ts";
import type { NodeFilter, Store } from "../store/mod.ts";
import type { Invocation } from "./command.ts";
import { storePath } from "./store_path.ts";

/** The code of the store, which help and completions do not wait for. */
export function storeCode(): Promise<typeof import("../store/mod.ts")> {
  return import("../store/mod.ts");
}

/** Opens the store that the command is about; dispose it to give it back. */
export async function openStoreOf(
  { host, settings, plugins }: Invocation,
  mode: "read" | "write",
): Promise<Store> {
  const { openStore } = await storeCode();
  return await openStore({
    path: storePath(settings.store, host.env),
    kinds: [...BASE_KINDS, ...plugins.flatMap((plugin) => plugin.model.kinds)],
    mode,
    now: host.io.now,
  });
}

const names = () => z.array(z.string()).default([]);

/** Options that narrow a command to a part of the store. */
export const filterOptions = {
  cloud: names().describe("Only these clouds").meta({ placeholder: "NAME" }),
  account: names().describe("Only these accounts").meta({ placeholder: "ID" }),
  region: names().describe("Only these regions").meta({ placeholder: "ID" }),
  kind: names().describe("Only these kinds and what derives from them").meta({
    placeholder: "KIND",
  }),
};

/** The filter that the options of {@link filterOptions} stand for. */
export function filterOf(
  { cloud, account, region, kind }: Readonly<
    Record<keyof typeof filterOptions, readonly string[]>
  >,
): NodeFilter {
  return {
    ...(cloud.length > 0 ? { clouds: cloud } : {}),
    ...(account.length > 0 ? { accounts: account } : {}),
    ...(region.length > 0 ? { regions: region } : {}),
    ...(kind.length > 0 ? { kinds: kind } : {}),
  };
}
