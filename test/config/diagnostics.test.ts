// Every diagnostic with the place it points at: `<|...|>` marks it in the text. The last test keeps
// this complete: a code that no test of this folder names is an error.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { limits } from "../../src/core/base/limits.ts";
import { ok } from "../../src/core/base/result.ts";
import { diagnosticCodes } from "../../src/core/config/diagnostics.ts";
import { loadConfig } from "../../src/core/config/load.ts";
import { bare, cases, instance } from "./cases.ts";
import { checkConfig, loadText, modelOf, sourceFolder, textFiles } from "./config-text.ts";

for (const [name, marked, expected] of cases) {
  test(`${expected.join(", ").replace(/ →.*/, "")}: ${name}`, () => {
    checkConfig(marked, expected);
  });
}

test("instance/unknown-interface: only where the interfaces are known, and must exist", () => {
  const marked =
    "vrrp_instance A { interface <|eth7|>\nvirtual_router_id 1\nvirtual_ipaddress { 192.0.2.1 }\n}";
  const { model } = checkConfig(marked, ["instance/unknown-interface"], { interfaces: ["eth0"] });
  assert.equal(model, undefined);
  const text = marked.replaceAll(/<\||\|>/g, "");
  assert.deepEqual(loadText(text).diagnostics, []);
  const dynamic = `global_defs {\ndynamic_interfaces\n}\n${text}`;
  assert.deepEqual(loadText(dynamic, { interfaces: ["eth0"] }).diagnostics, []);
});

test("config/line-too-long, config/nul-byte: the line is ignored, the rest is read", () => {
  const long = `# ${"x".repeat(limits.configLineLengthMax)}`;
  const { model, diagnostics } = loadText(`${long}\nnopreempt\0\n${instance()}`);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["config/line-too-long", "config/nul-byte"],
  );
  assert.equal(model?.instances.length, 1);
});

test("config/expansion-too-long: definitions cannot multiply without end", () => {
  const doubling = Array.from({ length: 40 }, (_, i) => `$A${i + 1}=\${A${i}}\${A${i}}`).join("\n");
  for (const first of ["0123456789", ""]) {
    const { diagnostics } = loadText(`$A0=${first}\n${doubling}\nvrrp_version \${A40}\n`);
    assert.ok(diagnostics.some(({ code }) => code === "config/expansion-too-long"));
  }
});

test("an include without a file is no error", () => {
  const { model, diagnostics, refusal } = loadText("include x");
  assert.equal(refusal, undefined);
  assert.notEqual(model, undefined);
  assert.equal(diagnostics.length, 1);
});

test("config/include-loop: links that lead back end, though every name is new", () => {
  const files = {
    read: () => ok("include sub/{a,b}.conf\n"),
    glob: () => [],
  };
  const { model, diagnostics } = loadConfig("/etc/x.conf", files);
  assert.equal(model, undefined);
  assert.ok(diagnostics.some(({ code }) => code === "config/include-loop"));
});

test("config/expansion-too-long: repetitions cannot fill the memory", () => {
  const product = "~SEQ(A,1000) ".repeat(4);
  for (const line of ["x", "x ".repeat(400)]) {
    const { diagnostics } = loadText(`${product}${line}\n`);
    assert.ok(diagnostics.some(({ code }) => code === "config/expansion-too-long"));
  }
});

test("config/unreadable: without its main file there is nothing", () => {
  const { model, diagnostics, refusal } = loadConfig("/nowhere", textFiles({}));
  assert.equal(refusal?.kind, "missing");
  assert.equal(model, undefined);
  assert.deepEqual(
    diagnostics.map(({ code, message }) => [code, message]),
    [["config/unreadable", "cannot read /nowhere: no such file"]],
  );
});

test("instance/addresses-excluded: what no advert can carry is held and not advertised", () => {
  const addresses = Array.from({ length: 300 }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join("\n");
  const text = bare(`virtual_ipaddress {\n${addresses}\n}`);
  const { diagnostics } = loadText(text);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["instance/addresses-excluded"],
  );
  const [model] = modelOf(text).instances;
  assert.equal(model?.addresses.length, 255);
  assert.equal(model?.excludedAddresses.length, 45);
  assert.equal(model?.excludedAddresses[0]?.address, "10.0.0.255");
});

test("a misspelt keyword that is needed is one error, not two messages", () => {
  const { diagnostics, model } = loadText(
    instance().replace("virtual_router_id", "virtual_router_ip"),
  );
  assert.deepEqual(
    diagnostics.map(({ code, severity }) => [code, severity]),
    [["config/unknown-keyword", "error"]],
  );
  assert.equal(model, undefined);
});

test("what cannot be seen is told", () => {
  for (const word of ["\ufeffglobal_defs", "global_defs\u00a0", "global\u200b_defs"]) {
    const [found] = loadText(`${word} {\n}\n`).diagnostics;
    assert.equal(found?.fix, "global_defs");
    assert.match(found?.note ?? "", /cannot be seen/);
  }
});

test("a misspelt block is skipped as a block", () => {
  const { diagnostics } = loadText("vrrp_sync_grop G {\n group {\n a\n b\n }\n}\n");
  assert.deepEqual(
    diagnostics.map(({ fix }) => fix),
    ["vrrp_sync_group"],
  );
});

test("a brace that is missing closes its block where the next keyword is known", () => {
  const text = instance("authentication {\nauth_type PASS\nauth_pass x\npriority 90");
  const { diagnostics } = loadText(`${text}${instance("", "B").replace("51", "52")}`);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["config/missing-brace"],
  );
});

test("every diagnostic code is produced by a test", () => {
  const tests = readdirSync(sourceFolder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(sourceFolder + name, "utf8"))
    .join("\n");
  const shown = readdirSync(`${sourceFolder}invalid`)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => readFileSync(`${sourceFolder}invalid/${name}`, "utf8"))
    .join("\n");
  const unproven = Object.keys(diagnosticCodes).filter(
    (code) =>
      !new RegExp(`["\`[]${code}["\`\\] ]`).test(tests + shown) &&
      !tests.includes(`${code}:`) &&
      !tests.includes(`${code},`),
  );
  assert.deepEqual(unproven, []);
});
