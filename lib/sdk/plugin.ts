import type { z } from "zod";
import type { Call, Model } from "../model/mod.ts";
import type { Collector } from "./collector.ts";
import type { Manifest } from "./manifest.ts";

/** A plugin as the host sees it: nothing of it has to be executed to know these. */
export interface PluginEntry {
  readonly manifest: Manifest;
  readonly model: Model;
  readonly calls: readonly Call[];
  /** Module of the guest. */
  readonly source: PluginSource;
}

/** Where a guest's code comes from: part of this program, or a file named by the user. */
export type PluginSource =
  | { readonly type: "built-in"; readonly name: string }
  | { readonly type: "file"; readonly path: string; readonly sha256: string };

/** What a third-party plugin file exports as default: a function of the SDK that returns this. */
export interface ExternalPlugin<Options extends z.ZodObject = z.ZodObject> {
  readonly manifest: Manifest<Options>;
  readonly model: Model;
  readonly calls: readonly Call[];
  readonly collector: Collector<z.infer<Options>>;
}
