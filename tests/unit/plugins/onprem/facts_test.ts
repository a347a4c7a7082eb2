import assert from "node:assert/strict";
import fc from "fast-check";
import { factsCommand, PARTS } from "../../../../plugins/onprem/facts/command.ts";
import { toFacts } from "../../../../plugins/onprem/facts/facts.ts";
import { readMemory, toGib } from "../../../../plugins/onprem/facts/memory.ts";
import { readAddress, readRoute } from "../../../../plugins/onprem/facts/network.ts";
import { readAssignments } from "../../../../plugins/onprem/facts/os_release.ts";
import { readProcessors } from "../../../../plugins/onprem/facts/processors.ts";
import { readSections } from "../../../../plugins/onprem/facts/sections.ts";

Deno.test("the command is one line that any login shell hands on as it is", () => {
  const command = factsCommand("mark");
  assert.match(command, /^sh -c '[^'\\\n!]*'$/);
  for (const part of PARTS) assert.ok(command.includes(`b ${part}; `), part);
});

Deno.test("processors: of the architectures that there are", () => {
  const x86 = "processor\t: 0\nmodel\t\t: 85\nmodel name\t: Xeon: fast\n\nprocessor\t: 1\n";
  assert.deepEqual(readProcessors(x86), { count: 2, model: "Xeon: fast" });
  const server = "processor\t: 0\nBogoMIPS\t: 50.00\nCPU part\t: 0xd0c\n\nprocessor\t: 1\n";
  assert.deepEqual(readProcessors(server), { count: 2 });
  const board = `${server}\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B Rev 1.1\n`;
  assert.deepEqual(readProcessors(board), { count: 2, model: "Raspberry Pi 4 Model B Rev 1.1" });
  const old = "Processor\t: ARMv7 rev 4\nprocessor\t: 0\n\nHardware\t: Marvell\n";
  assert.deepEqual(readProcessors(old), { count: 1, model: "Marvell" });
  const power = "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n";
  assert.deepEqual(readProcessors(power), { count: 1, model: "POWER9, altivec supported" });
  const s390 = "# processors    : 2\nprocessor 0: version = FF\nprocessor 1: version = FF\n";
  assert.deepEqual(readProcessors(s390), { count: 2 });
  assert.equal(readProcessors("nothing"), undefined);
});

Deno.test("memory: in whole GiB to the nearest", () => {
  assert.equal(readMemory("MemFree: 1 kB\nMemTotal:       16333760 kB\n"), 16_333_760);
  assert.equal(readMemory("MemTotal: many kB"), undefined);
  assert.deepEqual([16_333_760, 1_600_000, 400_000].map(toGib), [16, 2, 0]);
});

Deno.test("routes: of iproute2 and busybox, with and without a source", () => {
  assert.deepEqual(
    readRoute("8.8.8.8 via 10.0.0.1 dev eth0 src 10.0.0.9 uid 0 \n    cache"),
    { device: "eth0", source: "10.0.0.9" },
  );
  assert.deepEqual(readRoute("8.8.8.8 dev tun0 \n"), { device: "tun0" });
  assert.equal(readRoute("unreachable 8.8.8.8"), undefined);
});

Deno.test("addresses: that which is sent from, else a good one everywhere, else the first", () => {
  const text = "    inet 10.0.0.1/8 scope link eth0\n    inet 10.0.0.2/8 scope global eth0\n" +
    "    inet 10.0.0.3/8 scope global secondary eth0\n    inet6 fe80::1/64 scope link\n";
  assert.equal(readAddress(text, "inet", "10.0.0.3"), "10.0.0.3/8");
  assert.equal(readAddress(text, "inet", undefined), "10.0.0.2/8");
  assert.equal(readAddress(text, "inet6", "2001:db8::1"), "fe80::1/64");
  assert.equal(readAddress("", "inet", undefined), undefined);
});

Deno.test("os-release: values with and without quotes", () => {
  const text = `NAME='My "Linux"'\nID=alpine\nPRETTY_NAME="A \\"B\\" \\$5"\n# ID=x\nbad line\n`;
  assert.deepEqual(readAssignments(text), {
    NAME: 'My "Linux"',
    ID: "alpine",
    PRETTY_NAME: 'A "B" $5',
  });
});

Deno.test("sections: between the marks of this visit, and nothing else", () => {
  const stdout = "welcome\nm1 meminfo\na\nm2 cpuinfo\nb\n\nm1 = 0\n" +
    "m1 hostname\nweb1\n\nm1 = 3\nm1 unheard\nx\nm1 = 0\nm1 uname\ncut off";
  const sections = readSections(stdout, "noise\nm1 meminfo\nm1 hostname\noh no\n", "m1");
  assert.deepEqual(sections, {
    meminfo: { text: "a\nm2 cpuinfo\nb\n", errors: "", code: 0 },
    hostname: { text: "web1\n", errors: "oh no", code: 3 },
  });
});

Deno.test("facts: whatever a host sends, it is texts and numbers of its own, not long", () => {
  const part = fc.constantFrom(...PARTS);
  const section = fc.record({
    text: fc.string({ unit: "binary", maxLength: 2_000 }),
    errors: fc.string(),
    code: fc.integer({ min: -1, max: 255 }),
  });
  fc.assert(fc.property(fc.dictionary(part, section), (sections) => {
    const { reported, keep } = toFacts(sections);
    for (const [name, value] of Object.entries(reported)) {
      assert.match(name, /^(instance|network|machine)_/);
      assert.ok(!keep.includes(name), name);
      if (typeof value === "number") assert.ok(Number.isSafeInteger(value), name);
      else assert.ok(typeof value === "string" && value.length <= 256 && !/\p{Cc}/u.test(value));
    }
  }));
});

Deno.test("facts: a host without names for its processors is known by its architecture", () => {
  const section = (text: string) => ({ text, errors: "", code: 0 });
  const { reported } = toFacts({
    cpuinfo: section("processor : 0\n"),
    uname: section("Linux 6.6 aarch64\n"),
  });
  assert.deepEqual([reported["instance_cores"], reported["instance_type"]], [1, "aarch64"]);
});

Deno.test("facts: a host that is cut off from the internet has no addresses, and that is known", () => {
  const none = { text: "", errors: "RTNETLINK answers: Network is unreachable", code: 2 };
  const { reported, keep, notes } = toFacts({ route4: none, route6: none });
  assert.equal(reported["network_device"], undefined);
  assert.deepEqual(keep.filter((name) => name.startsWith("network_")), []);
  assert.deepEqual(notes, [
    "route4: RTNETLINK answers: Network is unreachable",
    "route6: RTNETLINK answers: Network is unreachable",
  ]);
});

Deno.test("facts: what is no UTF-8, and lines for a terminal", () => {
  const text = `${new TextDecoder().decode(Uint8Array.of(0x44, 0xff, 0x65))}\u001b[31m\u0000ll\n`;
  const { reported } = toFacts({ vendor: { text, errors: "", code: 0 } });
  assert.equal(reported["machine_vendor"], "D\ufffde [31m ll");
});
