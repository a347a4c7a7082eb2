import type { Resource } from "../resource.ts";
import { computeCluster, computeResource, resourcePool, virtualApp } from "./compute.ts";
import { host } from "./host.ts";
import { folder, inventoryDataCenter } from "./inventory.ts";
import { distributedPortGroup, distributedSwitch, network } from "./network.ts";
import { snapshot } from "./snapshot.ts";
import { datastore, datastoreCluster } from "./storage.ts";
import { instance, template } from "./virtual_machine.ts";

/** What is collected, in this order. */
export const resources: readonly Resource[] = [
  inventoryDataCenter,
  folder,
  computeCluster,
  computeResource,
  host,
  resourcePool,
  virtualApp,
  datastore,
  datastoreCluster,
  network,
  distributedSwitch,
  distributedPortGroup,
  instance,
  template,
  snapshot,
];

/** Kind by type of managed object, for edges; a virtual machine may be a template, too. */
export const KIND_OF_TYPE: ReadonlyMap<string, string> = new Map(
  resources.filter((each) => each !== template && each !== snapshot)
    .flatMap(({ type, only = [type], kind }) => only.map((each) => [each, kind] as const)),
);
