export type { Ask, Decision, TagChange } from "./action/act_messages.ts";
export * from "./action/action.ts";
export * from "./action/action_graph.ts";
export * from "./action/action_manifest.ts";
export * from "./action/ages.ts";
export * from "./action/config_text.ts";
export * from "./action/query_words.ts";
export * from "./action/records.ts";
export * from "./action/serve_action.ts";
export * from "./built_in_plugin.ts";
export * from "./call_log.ts";
export * from "./changer.ts";
export * from "./clock.ts";
export * from "./collector.ts";
export * from "./denied.ts";
export * from "./described/mapper.ts";
export * from "./described/mapping.ts";
export * from "./described/paths.ts";
export {
  WIRE_TYPES,
  wireMismatch,
  wireText,
  wireTime,
  type WireType,
} from "./described/wire_types.ts";
export * from "./durations.ts";
export * from "./lent_cloud.ts";
export * from "./manifest.ts";
export * from "./plugin.ts";
export * from "./plugin_context.ts";
export * from "./plugin_schema.ts";
export * from "./protocol.ts";
export * from "./rest/mod.ts";
export * from "./sensitive.ts";
export * from "./serve_collector.ts";
export * from "./shard.ts";
