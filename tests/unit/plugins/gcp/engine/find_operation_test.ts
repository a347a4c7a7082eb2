import assert from "node:assert/strict";
import { fillPath } from "../../../../../plugins/gcp/client/api.ts";
import { findOperation } from "../../../../../plugins/gcp/engine/find_operation.ts";
import { resourcePath } from "../../../../../plugins/gcp/engine/link.ts";
import { Operations } from "../../../../../plugins/gcp/engine/operations.ts";
import operations from "../../../../../plugins/gcp/operations.json" with { type: "json" };

const KNOWN = new Operations(operations);
const GOOGLE = "https://www.googleapis.com/compute/v1/";

Deno.test("gcp link: the same object whichever host and version a link names", () => {
  const path = "compute/projects/p/zones/z/disks/d";
  for (
    const link of [
      "https://www.googleapis.com/compute/v1/projects/p/zones/z/disks/d",
      "https://compute.googleapis.com/compute/v1/projects/p/zones/z/disks/d",
      "https://www.googleapis.com/compute/beta/projects/p/zones/z/disks/d",
      "https://compute.googleapis.com/compute/alpha/projects/p/zones/z/disks/d",
    ]
  ) assert.equal(resourcePath(link), path);
  assert.equal(
    resourcePath("https://sqladmin.googleapis.com/sql/v1beta4/projects/p/instances/i"),
    "sqladmin/projects/p/instances/i",
  );
  assert.equal(resourcePath("https://www.googleapis.com/storage/v1/b/name"), "storage/b/name");
  const model = "projects/1/locations/us-east1/models/m";
  assert.equal(
    resourcePath(`https://us-east1-aiplatform.googleapis.com/v1/${model}`),
    `aiplatform/${model}`,
  );
  assert.equal(resourcePath("//compute.googleapis.com/projects/p/zones/z/disks/d"), path);
  assert.equal(resourcePath("n1-standard-1"), "n1-standard-1");
});

Deno.test("gcp operations: a link tells whether an object is of a zone, a region or everywhere", () => {
  const find = (path: string, method = "delete") =>
    findOperation(
      KNOWN,
      "compute",
      ["disks", "regionDisks"],
      method,
      `${GOOGLE}projects/p/${path}`,
    );
  assert.deepEqual(find("zones/z/disks/d"), {
    operation: "disks.delete",
    parameters: { project: "p", zone: "z", disk: "d" },
  });
  assert.deepEqual(find("regions/r/disks/d", "setLabels"), {
    operation: "regionDisks.setLabels",
    parameters: { project: "p", region: "r", disk: "d", resource: "d" },
  });
  assert.equal(find("global/networks/n"), undefined);
  assert.equal(find("zones/z/disks/d/more"), undefined);
});

Deno.test("gcp operations: no part of a path leads elsewhere", () => {
  const template = "projects/{project}/zones/{zone}";
  assert.equal(fillPath(template, { project: "a/b", zone: "z?x" }), "projects/a%2Fb/zones/z%3Fx");
  for (const zone of ["", ".", ".."]) {
    assert.throws(() => fillPath(template, { project: "p", zone }), { code: "cloud.request" });
  }
  assert.equal(fillPath("v1/{+name}", { name: "projects/p/x/y" }), "v1/projects/p/x/y");
  assert.throws(() => fillPath("v1/{+name}", { name: "projects/../x" }));
});
