// `understudy check` on real files: what it prints, as text and as JSON, and its exit status.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkCommand } from "../../../../src/host/cli/check.ts";
import { configFiles } from "../../../../src/host/daemon/config-files.ts";

const folder = mkdtempSync(join(tmpdir(), "understudy-check-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string, mode = 0o644): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const good = write(
  "good.conf",
  "vrrp_instance A {\n  interface eth0\n  virtual_router_id 1\n  virtual_ipaddress {\n    192.0.2.1\n  }\n}\n",
);
const warned = write("warned.conf", "global_defs {\n  router_idd one\n}\n");
const bad = write("bad.conf", "vrrp_instance A {\n  priority 300\n}\n");

function run(paths: readonly string[], options = {}, colour = false) {
  let out = "";
  let error = "";
  const status = checkCommand(paths, options, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    colour,
  });
  return { status, out, error };
}

test("a valid file gives one line and status 0", () => {
  assert.deepEqual(run([good]), { status: 0, out: `${good}: valid\n`, error: "" });
});

test("warnings alone leave a file valid", () => {
  const { status, out } = run([warned]);
  assert.equal(status, 0);
  assert.match(out, /^warning\[config\/unknown-keyword\]/);
  assert.ok(out.endsWith(`${warned}: valid, 1 warning\n`));
});

test("errors make a file invalid, and one invalid file is enough", () => {
  const { status, out } = run([good, bad]);
  assert.equal(status, 1);
  assert.ok(out.includes(`${bad}: invalid, 3 errors, 1 warning\n`));
});

test("several files are also one group, with a verdict of its own and related places in JSON", () => {
  const router = (priority: number, version: number, weight: number) =>
    `vrrp_instance A {\n interface eth0\n virtual_router_id 1\n priority ${priority}\n version ${version}\n track_interface {\n eth1 weight ${weight}\n }\n virtual_ipaddress {\n 192.0.2.1\n }\n}\n`;
  const r1 = write("r1.conf", router(150, 3, -60));
  const r2 = write("r2.conf", router(100, 3, -60));
  const r3 = write("r3.conf", router(100, 2, -60));
  const valid = run([r1, r2]);
  assert.deepEqual(
    [valid.status, valid.out],
    [0, `${r1}: valid\n${r2}: valid\n\nas one group of routers: valid\n`],
  );
  const { status, out } = run([r1, r3], { json: true });
  assert.equal(status, 1);
  const report = JSON.parse(out);
  assert.equal(report.valid, false);
  const [first] = report.diagnostics;
  assert.deepEqual([first.code, first.file, first.line], ["group/version", r3, 5]);
  assert.deepEqual(first.related, [
    { label: "r1: version 3", file: r1, line: 5, column: 10, endLine: 5, endColumn: 11 },
  ]);
});

test("a table of all combinations stands below weights that do not do what they seem to", () => {
  const router = (priority: number, tracked: string) =>
    `vrrp_instance A {\n interface eth0\n virtual_router_id 1\n priority ${priority}\n ${tracked}\n virtual_ipaddress {\n 192.0.2.1\n }\n}\n`;
  const r1 = write("r1.conf", router(110, "track_interface {\n eth1 weight -10\n }"));
  const r2 = write("r2.conf", router(100, ""));
  const { status, out } = run([r1, r2]);
  assert.equal(status, 0);
  assert.ok(
    out.endsWith(`A:
  combination      r1   r2   strongest
  all works        110  100  r1
  eth1 of r1 down  100  100  r1 = r2

as one group of routers: valid, 2 warnings
`),
    out,
  );
});

test("a file that is not there, and no file at all, give status 2", () => {
  const missing = join(folder, "missing.conf");
  assert.deepEqual(run([missing]), {
    status: 2,
    out: "",
    error: `understudy check: cannot read ${missing}: no such file\n`,
  });
  assert.equal(run([bad, missing]).status, 2);
  assert.equal(run([]).status, 2);
});

test("config/unreadable: a folder, and a file with an execute bit, are refused", () => {
  assert.match(run([folder]).error, /not a regular file/);
  const executable = write("executable.conf", "", 0o755);
  const { status, out } = run([executable], { json: true });
  assert.equal(status, 2);
  assert.equal(JSON.parse(out).diagnostics[0].code, "config/unreadable");
  assert.equal(JSON.parse(out).valid, false);
});

test("colour only where it is asked for", () => {
  assert.ok(!run([bad]).out.includes("\u001b"));
  assert.ok(run([bad], {}, true).out.includes("\u001b[1;31merror"));
});

test("--json is one object, with every key in every diagnostic", () => {
  const { status, out } = run([warned], { json: true });
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(out), {
    valid: true,
    diagnostics: [
      {
        severity: "warning",
        code: "config/unknown-keyword",
        message: "unknown keyword `router_idd` in `global_defs`",
        file: warned,
        line: 2,
        column: 3,
        endLine: 2,
        endColumn: 13,
        note: null,
        fix: "router_id",
        edit: {
          file: warned,
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 13,
          text: "router_id",
          safe: true,
        },
        related: [],
      },
    ],
  });
  assert.deepEqual(JSON.parse(run([good], { json: true }).out), { valid: true, diagnostics: [] });
});

test("files are found by pattern: sorted, without dot files, through folders", () => {
  mkdirSync(join(folder, "d1"));
  mkdirSync(join(folder, "d2"));
  for (const name of ["d1/b.conf", "d1/a.conf", "d2/c.conf", "d1/.hidden.conf", "d1/b.conf.bak"])
    write(name, "");
  const relative = (pattern: string) =>
    configFiles.glob(join(folder, pattern)).map((path) => path.slice(folder.length + 1));
  assert.deepEqual(relative("d*/*.conf"), ["d1/a.conf", "d1/b.conf", "d2/c.conf"]);
  assert.deepEqual(relative("d1/[!a].conf"), ["d1/b.conf"]);
  assert.deepEqual(relative("d1/?.conf"), ["d1/a.conf", "d1/b.conf"]);
  assert.deepEqual(relative("d1/.h*"), ["d1/.hidden.conf"]);
  assert.deepEqual(relative("d3/*"), []);
});

test("text that is no UTF-8 is read byte by byte", () => {
  const path = join(folder, "latin1.conf");
  writeFileSync(path, Buffer.from("router_id caf\xe9\n", "latin1"));
  assert.deepEqual(configFiles.read(path), { ok: true, value: "router_id caf\u00e9\n" });
});
