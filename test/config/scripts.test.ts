// Scripts against a machine that is a table: users and groups, files that are missing, and every way
// in which somebody else than root could change what root is made to run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { classicLines } from "../../src/core/config/classic.ts";
import { configTestExit } from "../../src/core/config/load.ts";
import type { FileFacts, Machine } from "../../src/core/ports/machine.ts";
import { loadText } from "./config-text.ts";

const folder: FileFacts = { kind: "folder", owner: 0, group: 0, mode: 0o755 };
const script: FileFacts = { kind: "file", owner: 0, group: 0, mode: 0o755 };

/** `/`, `/usr/bin/true`, and more files. */
const machine = (more: Readonly<Record<string, FileFacts>> = {}): Machine => {
  const usual = { "/": folder, "/usr": folder, "/usr/bin": folder, "/usr/bin/true": script };
  const files = new Map<string, FileFacts>(Object.entries({ ...usual, ...more }));
  return {
    file: (path) => files.get(path),
    user: (name) =>
      name === "root" ? { uid: 0, gid: 0 } : name === "web" ? { uid: 7, gid: 7 } : undefined,
    group: (name) => (name === "root" ? 0 : undefined),
    hasNamespace: () => false,
  };
};

const tracked = (command: string, globals = "", more = "") => `global_defs {
${globals}
}
vrrp_script chk {
  script "${command}"
  ${more}
}
vrrp_instance A {
  interface eth0
  virtual_router_id 51
  virtual_ipaddress {
    192.0.2.10
  }
  track_script {
    chk
  }
}
`;

const secure = "enable_script_security\nscript_user root";

/** Codes besides those of what is only for later, keepalived's lines and its exit status. */
function judged(text: string, on: Machine = machine()) {
  const loaded = loadText(text, { machine: on });
  const found = loaded.diagnostics.filter(({ code }) => code !== "config/not-implemented");
  return {
    codes: found.map(({ code }) => code),
    messages: found.map(({ message }) => message),
    said: classicLines(loaded).map((line) => line.replace("/etc/keepalived/keepalived.conf: ", "")),
    exit: configTestExit(loaded),
  };
}

test("script/missing: the first element of the path that is not there is named", () => {
  const { codes, messages, said, exit } = judged(tracked("/usr/lib/checks/x.sh -v"));
  assert.deepEqual(codes, ["script/missing"]);
  assert.deepEqual(messages, ["there is no `/usr/lib`, so this script cannot be run"]);
  assert.deepEqual(said, ["Disabling track script chk since not found/accessible"]);
  assert.equal(exit, 5);
});

test("script/missing: a command that no folder has", () => {
  const { messages } = judged(tracked("pidof2 nginx"));
  assert.deepEqual(messages, ["no folder has `pidof2`, so this script cannot be run"]);
  assert.deepEqual(judged(tracked("true", secure)).codes, []);
});

test("script/missing: keepalived is silent about what `notify` names", () => {
  const text = tracked("/usr/bin/true", secure).replace(
    "track_script",
    'notify "/no/such"\ntrack_script',
  );
  const { codes, exit } = judged(text);
  assert.deepEqual([codes, exit], [["script/missing"], 0]);
});

test("script/security-off: scripts that are there, and nothing guards them", () => {
  const { codes, said, exit } = judged(tracked("/usr/bin/true"));
  assert.deepEqual(codes, ["script/security-off"]);
  assert.deepEqual(said, [
    "SECURITY VIOLATION - scripts are being executed but script_security not enabled.",
  ]);
  assert.equal(exit, 6);
});

for (const [what, path, facts, offender] of [
  ["a file of somebody else's", "/usr/bin/true", { ...script, owner: 7 }, "user 7 with mode 0755"],
  ["a file that all may write", "/usr/bin/true", { ...script, mode: 0o777 }, "root with mode 0777"],
  ["a folder that its group may write", "/usr", { ...folder, mode: 0o775 }, "root with mode 0775"],
] as const) {
  test(`script/insecure: ${what} is named with owner and mode`, () => {
    const { codes, messages, said, exit } = judged(
      tracked("/usr/bin/true", secure),
      machine({ [path]: facts }),
    );
    assert.deepEqual(codes, ["script/insecure"]);
    assert.deepEqual(messages, [`root would run this, and \`${path}\` belongs to ${offender}`]);
    assert.deepEqual(said, ["Disabling track script chk due to insecure"]);
    assert.equal(exit, 5);
  });
}

test("script/insecure: a sticky folder passes, and so does what another user runs", () => {
  const sticky = machine({ "/usr": { ...folder, mode: 0o1777 } });
  assert.deepEqual(judged(tracked("/usr/bin/true", secure), sticky).codes, []);
  const open = machine({ "/usr": { ...folder, mode: 0o777 } });
  assert.deepEqual(judged(tracked("/usr/bin/true", secure, "user web"), open).codes, []);
});

test("script/unknown-user: of global_defs, of a script, and the usual one", () => {
  const global = judged(tracked("/usr/bin/true", "script_user nobody2"));
  assert.deepEqual(global.said, [
    "(Line 2) Error setting global script uid/gid",
    "(Line 7) Unable to set default user for vrrp script chk - removing",
    "(Line 15) (A) track script chk not found, ignoring...",
  ]);
  const own = judged(tracked("/usr/bin/true", "", "user web wheel"));
  assert.deepEqual(own.said, [
    "(Line 6) Unable to set uid/gid for script '/usr/bin/true'",
    "(Line 15) (A) track script chk not found, ignoring...",
  ]);
  const usual = judged(tracked("/usr/bin/true", "enable_script_security"));
  assert.deepEqual(usual.said, [
    "(Line 7) Unable to set default user for vrrp script chk - removing",
    "(Line 5) Unable to set default user keepalived_script for script",
    "(Line 15) (A) track script chk not found, ignoring...",
  ]);
});

test("where the machine is not known, every script is there and every user exists", () => {
  const { diagnostics } = loadText(tracked("/no/such", "script_user nobody2"));
  assert.deepEqual(
    diagnostics.filter(({ code }) => code.startsWith("script/")),
    [],
  );
});
