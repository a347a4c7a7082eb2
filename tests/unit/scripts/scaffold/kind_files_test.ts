import assert from "node:assert/strict";
import { isKindRequest, kindFiles } from "../../../../scripts/scaffold/kind_files.ts";

const REQUEST = {
  kind: "aws_ec2_dhcp_options",
  service: "ec2",
  operation: "DescribeDhcpOptions",
  result: "DhcpOptions",
  id: "DhcpOptionsId",
};

Deno.test("kindFiles: one declaration, one fixture, one test", () => {
  const files = kindFiles(REQUEST);
  assert.deepEqual([...files.keys()], [
    "plugins/aws/resources/dhcp_options.ts",
    "tests/fixtures/aws/DescribeDhcpOptions.json",
    "tests/unit/plugins/aws/resources/dhcp_options_test.ts",
  ]);
  const fixture = JSON.parse(files.get("tests/fixtures/aws/DescribeDhcpOptions.json") ?? "");
  assert.equal(fixture.DhcpOptions[0].DhcpOptionsId, "id-1");
  assert.match(
    files.get("plugins/aws/resources/dhcp_options.ts") ?? "",
    /export const dhcpOptions/,
  );
});

Deno.test("isKindRequest: refuses words that would break the files", () => {
  assert.ok(isKindRequest(REQUEST));
  for (
    const broken of [
      { kind: "ec2_dhcp_options" },
      { kind: 'aws_x"; evil' },
      { service: "../ec2" },
      { operation: "Describe Dhcp" },
      { result: "" },
      { id: "1x" },
    ]
  ) assert.ok(!isKindRequest({ ...REQUEST, ...broken }), JSON.stringify(broken));
});
