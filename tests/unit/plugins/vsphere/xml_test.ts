import assert from "node:assert/strict";
import fc from "fast-check";
import {
  elements,
  envelope,
  readBody,
  readSoapFault,
} from "../../../../plugins/vsphere/client/soap.ts";
import { toObject, toValue } from "../../../../plugins/vsphere/client/values.ts";
import { child, escapeXml, parseXml, XmlFault } from "../../../../plugins/vsphere/client/xml.ts";

Deno.test("vSphere XML: any text comes back as it was sent, but for what XML cannot hold", () => {
  const holds = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const sent = envelope("Login", { type: text, id: text }, elements(["password", text]));
    const method = readBody(sent);
    const expected = holds.test(text) ? text : undefined;
    const password = child(method, "password")?.text;
    const type = child(method, "_this")?.attributes["type"];
    if (expected !== undefined) assert.deepEqual([password, type], [expected, expected]);
    assert.equal(method?.children.length, 2);
  }));
});

Deno.test("vSphere XML: what could blow up is refused", () => {
  const bomb = `<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>`;
  const file = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`;
  const deep = "<a>".repeat(100_000) + "</a>".repeat(100_000);
  for (
    const text of [bomb, file, deep, "<a>&x;</a>", "<a>&#0;</a>", "<a><b></a>", "<a>", "", "x"]
  ) {
    assert.throws(() => parseXml(text), XmlFault, text.slice(0, 40));
  }
});

Deno.test("vSphere XML: escaping leaves nothing that means something", () => {
  assert.doesNotMatch(
    escapeXml(`<a b="c" d='e'>&\r\n\t\u0000\uFFFF\uD800`),
    /[<>"'\p{Cc}\p{Cs}\uFFFF]/u,
  );
});

const XSI = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;

Deno.test("vSphere XML: values are of the type that they say to be of", () => {
  const values: readonly (readonly [string, string, unknown])[] = [
    ["xsd:int", "42", 42],
    ["xsd:long", "9223372036854775807", 9223372036854775807n],
    ["xsd:long", "many", "many"],
    ["xsd:boolean", "true", true],
    ["xsd:boolean", "0", false],
    ["xsd:double", "1.5", 1.5],
    ["xsd:string", "<![CDATA[<b>]]>", "<b>"],
    ["ArrayOfString", "<string>a</string><string>b</string>", ["a", "b"]],
    ["ArrayOfString", "", []],
    [
      "X",
      "<a>1</a><a>2</a><__proto__>3</__proto__>",
      Object.fromEntries([
        ["a", ["1", "2"]],
        ["__proto__", "3"],
      ]),
    ],
    [
      "ArrayOfManagedObjectReference",
      `<ManagedObjectReference type="Datastore">d-1</ManagedObjectReference>`,
      [{ type: "Datastore", id: "d-1" }],
    ],
  ];
  for (const [type, content, value] of values) {
    const element = parseXml(`<val ${XSI} xsi:type="${type}">${content}</val>`);
    assert.deepEqual(toValue(element), value, type);
  }
});

Deno.test("vSphere XML: an object tells what could not be read, and why", () => {
  const object = toObject(parseXml(
    `<objects ${XSI}><obj type="HostSystem">host-1</obj><propSet><name>name</name>` +
      `<val xsi:type="xsd:string">a</val></propSet><missingSet><path>runtime</path><fault>` +
      `<fault xsi:type="NoPermission"><privilegeId>System.Read</privilegeId></fault>` +
      `<localizedMessage/></fault></missingSet></objects>`,
  ));
  assert.deepEqual([object?.id, object?.type, [...object?.values ?? []]], [
    "host-1",
    "HostSystem",
    [["name", "a"]],
  ]);
  assert.deepEqual(object?.missing, [{
    path: "runtime",
    fault: { type: "NoPermission", message: "NoPermission", privilege: "System.Read" },
  }]);
  assert.equal(toObject(parseXml("<objects/>")), undefined);
});

Deno.test("vSphere XML: a fault without detail has the name of its code", () => {
  const fault = parseXml(
    "<Fault><faultcode>ns:ServerFaultCode</faultcode><faultstring>no</faultstring></Fault>",
  );
  assert.deepEqual(readSoapFault(fault), { type: "ServerFaultCode", message: "no" });
});
