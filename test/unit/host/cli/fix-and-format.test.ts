// `understudy check --fix`, `check -` and `understudy fmt` on real files: what is shown, what is
// written and what is left alone, with mode, owner and encoding of the file kept.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fixFiles } from "../../../../src/host/cli/check-fix.ts";
import { fmtCommand } from "../../../../src/host/cli/fmt.ts";
import { rewriteFile } from "../../../../src/host/cli/rewrite-file.ts";

const program = fileURLToPath(new URL("../../../../src/host/cli/understudy.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "understudy-fix-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string | Uint8Array, mode = 0o644): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const read = (path: string): string => readFileSync(path, "utf8");

const wrong = "global_defs {\n  router_idd one\n}\n";
const right = "global_defs {\n  router_id one\n}\n";

async function fix(paths: readonly string[], answer?: boolean, yes = false) {
  let shown = "";
  let error = "";
  const asked: string[] = [];
  const complete = await fixFiles(
    paths,
    { yes },
    {
      show: (text) => {
        shown += text;
      },
      error: (text) => {
        error += text;
      },
      ...(answer === undefined
        ? {}
        : {
            confirm: async (question: string) => {
              asked.push(question);
              return answer;
            },
          }),
    },
  );
  return { complete, shown, error, asked };
}

test("a fix is shown before anybody is asked, and written after a yes", async () => {
  const path = write("ask.conf", wrong);
  const refused = await fix([path], false);
  assert.match(refused.shown, /^--- .*ask\.conf\n\+\+\+ .*\n@@ -1,3 \+1,3 @@\n/);
  assert.match(refused.shown, /^- {2}router_idd one\n\+ {2}router_id one\n/m);
  assert.deepEqual(refused.asked, ["write this file?"]);
  assert.equal(read(path), wrong);
  assert.equal((await fix([path], true)).complete, true);
  assert.equal(read(path), right);
  assert.match((await fix([path], true)).shown, /nothing here can be fixed/);
});

test("where nobody can be asked, fixes are only shown; --yes writes them", async () => {
  const path = write("silent.conf", wrong);
  const { error } = await fix([path]);
  assert.match(error, /nothing is written; --yes does/);
  assert.equal(read(path), wrong);
  await fix([path], undefined, true);
  assert.equal(read(path), right);
});

test("included files are fixed, too, with mode and owner kept, and links stay links", async () => {
  const part = write("part.inc", wrong, 0o640);
  if (process.getuid?.() === 0) chownSync(part, 12, 34);
  const link = join(folder, "link.inc");
  symlinkSync("part.inc", link);
  const main = write("main.conf", "include link.inc\n");
  await fix([main], true);
  assert.equal(read(part), right);
  assert.equal(statSync(part).mode & 0o7777, 0o640);
  if (process.getuid?.() === 0)
    assert.deepEqual([statSync(part).uid, statSync(part).gid], [12, 34]);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

test("passwords beside a fix are not shown", async () => {
  const path = write(
    "secret.conf",
    "vrrp_instance A {\n interface eth0\n virtual_router_id 1\n authentication {\n auth_typ PASS\n auth_pass hunter2\n }\n}\n",
  );
  const { shown } = await fix([path], false);
  assert.match(shown, /\+ auth_type PASS/);
  assert.ok(!shown.includes("hunter2"), shown);
});

test("a file that changed meanwhile is left alone", () => {
  const path = write("raced.conf", "new\n");
  assert.deepEqual(rewriteFile(path, "old\n", "fixed\n"), {
    ok: false,
    error: "it has changed meanwhile",
  });
  assert.equal(read(path), "new\n");
});

test("bytes that are no UTF-8 come back as they were", () => {
  const path = write("latin1.conf", Buffer.from("global_defs{\n# caf\xe9\n}\n", "latin1"));
  assert.equal(fmt([path], { write: true }).status, 0);
  assert.deepEqual(readFileSync(path), Buffer.from("global_defs {\n    # caf\xe9\n}\n", "latin1"));
});

function fmt(paths: readonly string[], options = {}) {
  let out = "";
  let error = "";
  const status = fmtCommand(paths, options, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { status, out, error };
}

const loose = "global_defs{\nrouter_id one}\n";
const neat = "global_defs {\n    router_id one\n}\n";

test("fmt prints, --check names and --write rewrites", () => {
  const path = write("loose.conf", loose, 0o600);
  assert.deepEqual(fmt([path]), { status: 0, out: neat, error: "" });
  assert.deepEqual(fmt([path], { check: true }), { status: 1, out: `${path}\n`, error: "" });
  assert.equal(read(path), loose);
  assert.deepEqual(fmt([path], { write: true }), { status: 0, out: `${path}\n`, error: "" });
  assert.equal(read(path), neat);
  assert.equal(statSync(path).mode & 0o7777, 0o600);
  assert.deepEqual(fmt([path], { check: true }), { status: 0, out: "", error: "" });
  assert.deepEqual(fmt([path], { write: true }), { status: 0, out: "", error: "" });
});

test("fmt says where it cannot, and leaves the file as it is", () => {
  const path = write("open.conf", "global_defs {\n");
  const { status, out, error } = fmt([path]);
  assert.equal(status, 1);
  assert.equal(out, "global_defs {\n");
  assert.equal(error, `${path}:1: left as it is: the block is never closed\n`);
  assert.equal(fmt([join(folder, "absent.conf")]).status, 2);
  assert.equal(fmt([path], { check: true, write: true }).status, 2);
});

function understudy(input: string, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    encoding: "utf8",
    input,
  });
  return { status, stdout, stderr };
}

test("fmt and check read standard input", () => {
  assert.deepEqual(understudy(loose, "fmt"), { status: 0, stdout: neat, stderr: "" });
  assert.equal(understudy(loose, "fmt", "-", "--check").status, 1);
  assert.deepEqual(understudy(loose, "check", "-"), {
    status: 0,
    stdout: "-: valid\n",
    stderr: "",
  });
  assert.match(understudy(wrong, "check", "-").stdout, /┌─ -:2:3/);
});

test("--deny warnings, --id and --sarif", () => {
  assert.equal(understudy(wrong, "check", "-").status, 0);
  assert.equal(understudy(wrong, "check", "-", "--deny", "warnings").status, 1);
  assert.equal(understudy(wrong, "check", "-", "--deny", "errors").status, 2);
  const split = "global_defs {\n  @one router_idd x\n}\n";
  assert.equal(understudy(split, "check", "-", "--deny", "warnings", "--id", "two").status, 0);
  assert.equal(understudy(split, "check", "-", "--deny", "warnings", "--id", "one").status, 1);
  const { stdout } = understudy(wrong, "check", "-", "--sarif");
  assert.equal(JSON.parse(stdout).runs[0].results.length, 1);
});

test("--fix without a terminal shows and does not write, and keeps JSON alone on its output", () => {
  const path = write("piped.conf", wrong);
  const shown = understudy("", "check", "--fix", path);
  assert.match(shown.stdout, /^\+ {2}router_id one$/m);
  assert.match(shown.stderr, /--yes does/);
  assert.equal(read(path), wrong);
  const written = understudy("", "check", "--fix", "--yes", "--json", path);
  assert.deepEqual(JSON.parse(written.stdout), { valid: true, diagnostics: [] });
  assert.match(written.stderr, /^\+ {2}router_id one$/m);
  assert.equal(read(path), right);
});
