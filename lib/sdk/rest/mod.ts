export * from "./call_fault.ts";
export * from "./host_of.ts";
export * from "./listing.ts";
export * from "./machine.ts";
export * from "./own_check_pool.ts";
export * from "./paging.ts";
export * from "./pool.ts";
export { isRecord, read, RecordMapper } from "./record_mapper.ts";
export type {
  MappedRecord,
  NodeMapper,
  RawRecord,
  RecordMapping,
  Source,
} from "./record_mapper.ts";
export * from "./rest_caller.ts";
export * from "./scope_faults.ts";
export * from "./verdict.ts";
