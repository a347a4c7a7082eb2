import type { Call, Kind } from "../../lib/model/mod.ts";
import {
  ACCOUNT_KIND,
  MODULE,
  PLACE_KINDS,
  REGION_KIND,
} from "../../plugins/vsphere/engine/places.ts";
import type { Resource } from "../../plugins/vsphere/resource.ts";
import { resources } from "../../plugins/vsphere/resources/mod.ts";
import { jsonText } from "./json_text.ts";
import { checkBesideOthers } from "./plugin_models.ts";

/**
 * Model and calls of the vSphere plugin, which follow from its declarations. Named so that it runs before
 * the generators that read models.
 */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const kinds = [...PLACE_KINDS, ...resources.map(toKind)];
  await checkBesideOthers("vsphere", kinds);
  return new Map([
    ["plugins/vsphere/model.json", jsonText({ kinds })],
    ["plugins/vsphere/calls.json", jsonText(calls())],
  ]);
}

function toKind(resource: Resource): Kind {
  const { kind, bases, properties, pythonClass, description, changes, cleanup, listing } = resource;
  return {
    name: kind,
    bases,
    properties: properties.map(({ path: _, ...property }) => property),
    pythonType: `${MODULE}.${pythonClass}`,
    description,
    ...(changes === undefined ? {} : { changes }),
    ...(cleanup === undefined ? {} : { cleanup }),
    ...(listing === undefined ? {} : { listing }),
  };
}

/** Methods with the privileges that they need, as vSphere names them. */
function calls(): readonly Call[] {
  const places = [ACCOUNT_KIND, REGION_KIND];
  const listed = resources.map(({ kind }) => kind);
  const machines = ["vsphere_instance", "vsphere_template"];
  const changed = resources.filter(({ changes }) => changes !== undefined).map(({ kind }) => kind);
  const call = (
    method: string,
    permissions: readonly string[],
    purpose: Call["purpose"],
    kinds: readonly string[],
  ): Call => ({ call: `vsphere:${method}`, permissions, purpose, kinds });
  return [
    call("RetrieveServiceContent", ["System.Anonymous"], "read", places),
    call("Login", ["System.Anonymous"], "read", places),
    call("Logout", ["System.View"], "read", places),
    call("CreateContainerView", ["System.View"], "read", listed),
    call("RetrievePropertiesEx", ["System.View", "System.Read"], "read", listed),
    call("ContinueRetrievePropertiesEx", ["System.View"], "read", listed),
    call("DestroyView", ["System.View"], "read", listed),
    call("Login", ["System.Anonymous"], "change", changed),
    call("RetrievePropertiesEx", ["System.View", "System.Read"], "change", changed),
    call("AddCustomFieldDef", ["Global.ManageCustomFields"], "change", machines),
    call("setCustomValue", ["Global.SetCustomField"], "change", machines),
    call("PowerOffVM_Task", ["VirtualMachine.Interact.PowerOff"], "change", ["vsphere_instance"]),
    call("Destroy_Task", ["VirtualMachine.Inventory.Delete"], "change", ["vsphere_instance"]),
    call("RemoveSnapshot_Task", ["VirtualMachine.State.RemoveSnapshot"], "change", [
      "vsphere_snapshot",
    ]),
  ];
}
