/** A tag task's node as the older generation of cores sends it, with the given properties. */
export function oldNode(
  reported: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
) {
  const type = (name: string) => ({ python_type: `cloudkeeper_plugin_example_collector.${name}` });
  return {
    id: "FI_j_EAhzxSqC6fSQYi7Vw",
    type: "node",
    revision: "_dxyz",
    reported: {
      kind: "example_instance",
      id: "i-1",
      name: "web",
      tags: { Name: "web" },
      ctime: "2021-12-01T10:00:00Z",
      age: "3d",
      instance_cores: 2,
      cloud: { kind: "cloud", id: "example", name: "example" },
      account: { kind: "example_account", id: "1", name: "dev", role: "CkRole" },
      region: { kind: "example_region", id: "us-east", name: "US East" },
      zone: null,
      ...reported,
    },
    metadata: {
      ...type("ExampleInstance"),
      protected: false,
      expires: "2026-01-01T00:00:00Z",
      cloud: { python_type: "cklib.baseresources.Cloud" },
      account: type("ExampleAccount"),
      region: type("ExampleRegion"),
      zone: null,
      ...metadata,
    },
  };
}

/** The same node as the newer generation sends it. */
export function newNode(reported: Readonly<Record<string, unknown>> = {}) {
  const place = (id: string, name = id) => ({ reported: { id, name } });
  return {
    id: "FI_j_EAhzxSqC6fSQYi7Vw",
    type: "node",
    reported: {
      id: "i-1",
      name: "web",
      tags: { Name: "web" },
      ctime: "2021-12-01T10:00:00Z",
      age: "3d",
      kind: "example_instance",
      ...reported,
    },
    desired: { clean: true },
    metadata: { python_type: "x.Y", categories: ["compute"], expires: "2026-01-01T00:00:00Z" },
    ancestors: {
      cloud: place("example"),
      account: place("1", "dev"),
      region: place("us-east", "US East"),
    },
    refs: { cloud_id: "a", account_id: "b" },
  };
}
