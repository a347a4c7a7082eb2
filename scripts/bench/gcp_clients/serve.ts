/** Instances as Compute Engine tells them, in pages of one zone after the other. */
const PAGE = 500;
const ZONES = ["europe-west1-b", "europe-west1-c", "us-central1-a"];

/** Serves an aggregated list of instances on loopback; any token is good. */
export function serveInstances(count: number): AsyncDisposable & { readonly port: number } {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const start = Number(new URL(request.url).searchParams.get("pageToken") ?? "0");
    const end = Math.min(start + PAGE, count);
    const items: Record<string, { instances: object[] }> = {};
    for (let index = start; index < end; index++) {
      const zone = ZONES[index % ZONES.length] ?? "";
      (items[`zones/${zone}`] ??= { instances: [] }).instances.push(instance(index, zone));
    }
    return Response.json({
      kind: "compute#instanceAggregatedList",
      id: "projects/demo/aggregated/instances",
      items,
      ...(end < count ? { nextPageToken: String(end) } : {}),
    });
  });
  return { port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

function instance(index: number, zone: string): object {
  const base = "https://www.googleapis.com/compute/v1/projects/demo";
  return {
    kind: "compute#instance",
    id: String(4_000_000_000_000_000_000n + BigInt(index)),
    creationTimestamp: "2026-01-02T03:04:05.000-08:00",
    name: `worker-${index}`,
    machineType: `${base}/zones/${zone}/machineTypes/e2-medium`,
    status: "RUNNING",
    zone: `${base}/zones/${zone}`,
    selfLink: `${base}/zones/${zone}/instances/worker-${index}`,
    labels: { owner: "lisa", stage: "test" },
    labelFingerprint: "42WmSpB8rSM=",
    networkInterfaces: [{
      network: `${base}/global/networks/default`,
      subnetwork: `${base}/regions/europe-west1/subnetworks/default`,
      networkIP: "10.132.0.2",
      accessConfigs: [{ type: "ONE_TO_ONE_NAT", name: "External NAT", natIP: "203.0.113.7" }],
    }],
    disks: [{
      type: "PERSISTENT",
      mode: "READ_WRITE",
      source: `${base}/zones/${zone}/disks/worker-${index}`,
      deviceName: "boot",
      boot: true,
      autoDelete: true,
      diskSizeGb: "10",
    }],
    scheduling: { onHostMaintenance: "MIGRATE", automaticRestart: true, preemptible: false },
    tags: { items: ["web"], fingerprint: "6smc4R4d39I=" },
  };
}
