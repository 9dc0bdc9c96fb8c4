// `understudy init` on a real folder: which files it writes with which mode, what it prints, what it
// asks for and what it never overwrites.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Questions } from "../../../../src/host/cli/init.ts";
import { initCommand } from "../../../../src/host/cli/init.ts";
import type { InitOptions } from "../../../../src/host/cli/init-options.ts";

const program = fileURLToPath(new URL("../../../../src/host/cli/understudy.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "understudy-init-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
const newFolder = (): string => join(folder, `${++folders}`, "deep");

const pair: InitOptions = {
  interface: "eth0",
  address: ["192.0.2.10/24"],
  router: ["r1=192.0.2.2", "r2=192.0.2.3"],
};

async function init(options: InitOptions, questions?: Questions) {
  let out = "";
  let error = "";
  const output = {
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      error += text;
    },
    colour: false,
  };
  // Without questions of the test's own, nobody can be asked, whoever runs the test.
  const status = await initCommand(options, output, questions ?? null);
  return { status, out, error };
}

test("one file for each router, and what check and explain say of them", async () => {
  const out = newFolder();
  const { status, out: said, error } = await init({ ...pair, out });
  assert.equal(error, "");
  assert.equal(status, 0);
  assert.deepEqual(readdirSync(out).sort(), ["r1.conf", "r2.conf"]);
  assert.match(
    said,
    /^wrote .*r1\.conf: VRID 10, priority 150\nwrote .*r2\.conf: VRID 10, priority 100\n/,
  );
  assert.match(said, /r1\.conf: valid\n/);
  assert.match(said, /as one group of routers: valid\n/);
  assert.match(said, /r1: it has the highest priority/);
  assert.equal(statSync(join(out, "r1.conf")).mode & 0o777, 0o644);
});

test("a password is the same everywhere, is not printed, and only the owner may read it", async () => {
  const out = newFolder();
  const { out: said } = await init({ ...pair, out, version: "2" });
  const passwords = ["r1", "r2"].map((name) => {
    assert.equal(statSync(join(out, `${name}.conf`)).mode & 0o777, 0o600);
    return /auth_pass (\S+)\n/.exec(readFileSync(join(out, `${name}.conf`), "utf8"))?.[1] ?? "";
  });
  assert.match(passwords[0] ?? "", /^[a-z2-9]{8}$/);
  assert.equal(passwords[0], passwords[1]);
  assert.ok(!said.includes(passwords[0] ?? ""));
});

test("a password means version 2, and none is none", async () => {
  const first = newFolder();
  await init({ ...pair, out: first, authPass: "s3cret" });
  assert.match(readFileSync(join(first, "r2.conf"), "utf8"), /version 2[\s\S]*auth_pass s3cret/);
  const second = newFolder();
  await init({ ...pair, out: second, version: "2", authPass: "none" });
  assert.doesNotMatch(readFileSync(join(second, "r2.conf"), "utf8"), /auth_pass/);
  const { status, error } = await init({
    ...pair,
    out: newFolder(),
    version: "3",
    authPass: "auto",
  });
  assert.equal(status, 2);
  assert.match(error, /version 3 has no authentication/);
});

test("what exists is overwritten with --force alone, and then none is written either", async () => {
  const out = newFolder();
  await init({ ...pair, out });
  const before = readFileSync(join(out, "r1.conf"), "utf8");
  rmSync(join(out, "r2.conf"));
  const again = await init({ ...pair, out, interval: "2" });
  assert.equal(again.status, 2);
  assert.match(again.error, /r1\.conf: there already; --force overwrites/);
  assert.equal(readFileSync(join(out, "r1.conf"), "utf8"), before);
  assert.ok(!existsSync(join(out, "r2.conf")));
  assert.equal((await init({ ...pair, out, interval: "2", force: true })).status, 0);
  assert.match(readFileSync(join(out, "r1.conf"), "utf8"), /advert_int 2\n/);
  assert.deepEqual(readdirSync(out).sort(), ["r1.conf", "r2.conf"]);
});

test("used VRIDs are numbers and ranges", async () => {
  const out = newFolder();
  assert.match((await init({ ...pair, out, usedVrids: "1, 10-12" })).out, /VRID 13/);
  assert.equal((await init({ ...pair, out: newFolder(), usedVrids: "ten" })).status, 2);
});

test("where nobody can be asked, what is missing is named", async () => {
  const { status, error } = await init({ router: ["r1"] });
  assert.equal(status, 2);
  assert.equal(
    error,
    "understudy init: needs --interface NAME, --address ADDRESS[/LENGTH], --router NAME[=ADDRESS] (two or more, here 1)\n",
  );
});

test("what is missing is asked, and giving up writes nothing", async () => {
  const out = newFolder();
  const asked: InitOptions[] = [];
  const answer: Questions = async (given) => {
    asked.push(given);
    return { ...given, ...pair };
  };
  assert.equal((await init({ out }, answer)).status, 0);
  assert.deepEqual(asked, [{ out }]);
  const gone = newFolder();
  const { status, error } = await init({ out: gone }, async () => undefined);
  assert.equal(status, 2);
  assert.match(error, /nothing is written/);
  assert.ok(!existsSync(gone));
});

test("the flags of the command", () => {
  const out = newFolder();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[
        program,
        "init",
        "--interface",
        "eth0",
        "--router",
        "r1=192.0.2.2",
        "--router",
        "r2=192.0.2.3",
      ],
      ...[
        "--address",
        "192.0.2.10/24",
        "--address",
        "192.0.2.11/24",
        "--version",
        "3",
        "--unicast",
      ],
      ...["--interval", "0.5", "--nopreempt", "--vrid", "7", "--out", out],
    ],
    { encoding: "utf8" },
  );
  assert.equal(stderr, "");
  assert.equal(status, 0, stdout);
  const text = readFileSync(join(out, "r2.conf"), "utf8");
  for (const line of ["virtual_router_id 7", "advert_int 0.5", "nopreempt", "192.0.2.11/24"])
    assert.ok(text.includes(`${line}\n`), line);
});
