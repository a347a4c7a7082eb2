import { type ActionNode, type ActionRecord, readNode, readRecord } from "../../lib/sdk/mod.ts";
import { coreNode, type NodeParts } from "./graph_core.ts";

/** Now in tests of rules. */
export const NOW = new Date("2026-01-10T00:00:00Z");

/** A time so many days before {@link NOW}. */
export function daysAgo(days: number): string {
  return new Date(NOW.getTime() - days * 86_400_000).toISOString();
}

/** A node as an action plugin sees it. */
export function actionNode(id: string, parts: NodeParts = {}): ActionNode {
  return readNode(coreNode(id, parts));
}

/** Records as an action plugin sees them. */
export function actionRecords(records: readonly unknown[]): readonly ActionRecord[] {
  return records.map(readRecord);
}
