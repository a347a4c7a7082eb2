import assert from "node:assert/strict";
import { Locations } from "../../../../../plugins/gcp/engine/locations.ts";
import { missingFrom, warningOf } from "../../../../../plugins/gcp/engine/answer_faults.ts";

const REGION = { id: "1230", name: "us-east1" };
const ZONE = { id: "2231", name: "us-east1-b", region: REGION };
const LOCATIONS = new Locations([REGION], [ZONE]);
const LINK = "https://www.googleapis.com/compute/v1/projects/p/";

Deno.test("gcp locations: by link or name of a zone, else of a region, else the project", () => {
  const of = (raw: object) => LOCATIONS.of({ ...raw }, {});
  assert.deepEqual(of({ zone: `${LINK}zones/us-east1-b` }), { zone: ZONE, region: REGION });
  assert.deepEqual(of({ region: "us-east1" }), { region: REGION });
  assert.deepEqual(of({}), {});
  assert.deepEqual([of({ zone: "mars-1" }), of({ region: "mars" })], [undefined, undefined]);
  assert.deepEqual(LOCATIONS.of({ zone: "mars-1" }, { projectLevel: true }), {});
});

Deno.test("gcp locations: of a member or a name, where a location may be either", () => {
  const of = (name: string) => LOCATIONS.of({ name }, { place: { location: "name" } });
  assert.deepEqual(of("projects/p/locations/us-east1/things/x"), { region: REGION });
  assert.deepEqual(of("us-east1-b"), { zone: ZONE, region: REGION });
  assert.deepEqual([of("projects/p/locations/global/x/y"), of("us"), of("nam4")], [{}, {}, {}]);
  assert.equal(of("projects/p/locations/mars-east1/things/x"), undefined);
});

Deno.test("gcp answers: warnings that say nothing of what is missing are harmless", () => {
  const warned = (code: string) => warningOf({ warning: { code, message: "m" } });
  assert.equal(warned("NO_RESULTS_ON_PAGE"), undefined);
  assert.match(warned("UNREACHABLE")?.message ?? "", /UNREACHABLE: m/);
  assert.match(warned("SOMETHING_NEW")?.message ?? "", /SOMETHING_NEW/);
});

Deno.test("gcp answers: what is missing, with its place where the answer names one", () => {
  const places = (answer: object) => missingFrom({ ...answer }).map(({ location }) => location);
  assert.deepEqual(places({ unreachables: ["zones/z"], warning: { code: "UNREACHABLE" } }), [
    "zones/z",
  ]);
  assert.deepEqual(places({ warning: { code: "UNREACHABLE" } }), [undefined]);
  assert.deepEqual(places({ missingZones: ["z"], unreachable: ["projects/p/locations/l"] }), [
    "z",
    "projects/p/locations/l",
  ]);
  assert.deepEqual(places({ warnings: [{ region: "r", code: "REGION_UNREACHABLE" }] }), ["r"]);
  assert.deepEqual(places({}), []);
});
