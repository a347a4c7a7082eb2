import {
  type CollectContext,
  type Extras,
  KindIndex,
  type ListingSink,
  modelSchema,
  type RawRecord,
} from "ckworker";
import { verdictOf } from "../client/judge.ts";
import { listObjects } from "../client/properties.ts";
import type { Session } from "../client/session.ts";
import type { ObjectContent } from "../client/values.ts";
import model from "../model.json" with { type: "json" };
import type { VsphereOptions } from "../options.ts";
import type { Resource } from "../resource.ts";
import { resources } from "../resources/mod.ts";
import { SNAPSHOTS } from "../resources/snapshot.ts";
import { CREATED, TEMPLATE } from "../resources/virtual_machine.ts";
import { type CustomField, readCustomFields } from "./custom_fields.ts";
import { pathsOf, ResourceMapper } from "./resource_mapper.ts";
import { snapshotsOf } from "./snapshots.ts";

/** The region of all nodes. It has always been this one. */
export const REGION = { id: "dc1", name: "dc1" } as const;

/** The call whose failure costs a list. */
export const LIST_CALL = "vsphere:RetrievePropertiesEx";

/** What the listings of one run share. */
export interface VsphereRun {
  readonly context: CollectContext<VsphereOptions>;
  readonly session: Session;
  /** The account: name or address of the server. */
  readonly host: string;
  readonly mappers: ReadonlyMap<string, ResourceMapper>;
  /** Why custom attributes have no names. */
  readonly fieldsFault: unknown;
}

/** Resources that have a listing of their own at a server. */
export function listingsOf({ isHost }: Session): readonly Resource[] {
  return resources.filter(({ listing, needsVcenter = false }) =>
    listing === undefined && !(isHost && needsVcenter)
  );
}

/** Mappers of all kinds, and why tags cannot be read if they cannot. */
export async function makeMappers(
  session: Session,
  signal: AbortSignal,
): Promise<Pick<VsphereRun, "mappers" | "fieldsFault">> {
  let fields: readonly CustomField[] | undefined;
  let fieldsFault: unknown;
  try {
    fields = await readCustomFields(session);
  } catch (error) {
    signal.throwIfAborted();
    fieldsFault = error;
  }
  const kinds = new KindIndex(modelSchema.parse(model).kinds);
  const around = { fields, rootFolder: session.content.rootFolder.id };
  return {
    fieldsFault,
    mappers: new Map(
      resources.map((resource) => [resource.kind, new ResourceMapper(kinds, resource, around)]),
    ),
  };
}

/** What is asked about objects of a listing. */
export function queryOf({ kind, type }: Resource, session: Session) {
  if (kind === "vsphere_snapshot") return { type, paths: [SNAPSHOTS] };
  const members = resources.filter((each) => each.kind === kind || each.listing === kind);
  const special = members.length > 1 ? [TEMPLATE] : [];
  const paths = new Set([...members.flatMap(pathsOf), ...special]);
  if (!session.isModern) paths.delete(CREATED);
  return { type, paths: [...paths] };
}

/** Lists the objects of one resource, and those that come along with it. */
export async function listResource(
  run: VsphereRun,
  resource: Resource,
  sink: ListingSink,
): Promise<void> {
  const { type, only = [type], kind } = resource;
  for await (const page of listObjects(run.session, queryOf(resource, run.session))) {
    for (const object of page) {
      if (object === undefined) await send(run, kind, undefined, sink);
      else if (only.includes(object.type)) await take(run, resource, object, sink);
    }
  }
}

async function take(
  run: VsphereRun,
  { kind }: Resource,
  object: ObjectContent,
  sink: ListingSink,
): Promise<void> {
  // What decides about which nodes there are, and not only about what is known of one.
  const deciding = kind === "vsphere_snapshot"
    ? SNAPSHOTS
    : kind === "vsphere_instance"
    ? TEMPLATE
    : undefined;
  const missing = object.missing.find(({ path }) => path === deciding);
  if (missing !== undefined) {
    const { fault } = missing;
    const message = `${missing.path} of ${object.id} cannot be read: ${fault.message}`;
    sink.lost(run.session.faultOf(LIST_CALL, verdictOf({ ...fault, message })));
  } else if (kind === "vsphere_snapshot") {
    for (const each of snapshotsOf(object)) await send(run, kind, each, sink);
  } else {
    const isTemplate = kind === "vsphere_instance" && object.values.get(TEMPLATE) === true;
    await send(run, isTemplate ? "vsphere_template" : kind, object, sink);
  }
}

async function send(
  run: VsphereRun,
  kind: string,
  object: ObjectContent | undefined,
  sink: ListingSink,
): Promise<void> {
  const mapper = run.mappers.get(kind);
  if (mapper === undefined) throw new Error(`${kind} has no mapper`);
  const more = (_: RawRecord): Extras => {
    if (object === undefined) return {};
    for (const { fault } of object.missing) {
      sink.unread(run.session.faultOf(LIST_CALL, verdictOf(fault)));
    }
    const keep = mapper.unknown(object);
    if (keep.includes("tags") && run.fieldsFault !== undefined) sink.unread(run.fieldsFault);
    return { keep };
  };
  await sink.record(mapper, object, more);
}
