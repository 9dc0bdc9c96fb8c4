// The command line: every way in which getopt_long lets a flag be written, and what the daemon makes
// of it. The names are those that `keepalived --help` prints.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type GivenFlag, helpText, parseFlags } from "../../../../src/host/daemon/flags.ts";
import { daemonOptions } from "../../../../src/host/daemon/options.ts";

const rows: readonly (readonly [string, readonly GivenFlag[]])[] = [
  ["", []],
  ["-n", [{ flag: "dont-fork" }]],
  ["-nlD", [{ flag: "dont-fork" }, { flag: "log-console" }, { flag: "log-detail" }]],
  ["-DD", [{ flag: "log-detail" }, { flag: "log-detail" }]],
  ["-f /a.conf", [{ flag: "use-file", argument: "/a.conf" }]],
  ["-f/a.conf", [{ flag: "use-file", argument: "/a.conf" }]],
  ["-nf/a.conf", [{ flag: "dont-fork" }, { flag: "use-file", argument: "/a.conf" }]],
  ["--use-file /a.conf", [{ flag: "use-file", argument: "/a.conf" }]],
  ["--use-file=/a.conf", [{ flag: "use-file", argument: "/a.conf" }]],
  ["--use=/a.conf", [{ flag: "use-file", argument: "/a.conf" }]],
  ["-t", [{ flag: "config-test" }]],
  ["-t -f x", [{ flag: "config-test" }, { flag: "use-file", argument: "x" }]],
  ["-t/log", [{ flag: "config-test", argument: "/log" }]],
  ["--config-test=/log", [{ flag: "config-test", argument: "/log" }]],
  ["--config-test", [{ flag: "config-test" }]],
  [
    "--vrrp_pid=/v -r /w",
    [
      { flag: "vrrp_pid", argument: "/v" },
      { flag: "vrrp_pid", argument: "/w" },
    ],
  ],
  ["-P -C -B --all", [{ flag: "vrrp" }, { flag: "check" }, { flag: "no_bfd" }, { flag: "all" }]],
  [
    "-S 3 -g -G",
    [{ flag: "log-facility", argument: "3" }, { flag: "log-file" }, { flag: "no-syslog" }],
  ],
  [
    "-XVIRdaxem",
    [
      { flag: "release-vips" },
      { flag: "dont-release-vrrp" },
      { flag: "dont-release-ipvs" },
      { flag: "dont-respawn" },
      { flag: "dump-conf" },
      { flag: "address-monitoring" },
      { flag: "snmp" },
      { flag: "all-config" },
      { flag: "core-dump" },
    ],
  ],
  ["--signum=JSON", [{ flag: "signum", argument: "JSON" }]],
  ["--log-format json", [{ flag: "log-format", argument: "json" }]],
];

const words = (line: string): readonly string[] => line.split(" ").filter((word) => word !== "");

for (const [line, given] of rows) {
  test(`flags: ${line === "" ? "none" : line}`, () => {
    assert.deepEqual(parseFlags(words(line)), { ok: true, value: given });
  });
}

const wrong: Readonly<Record<string, string>> = {
  "-Z": "Unknown option -Z",
  "-nZ": "Unknown option -Z",
  "--nonsense": "Unknown option --nonsense",
  // Both log-console and log-detail begin so.
  "--log": "Unknown option --log",
  "-f": "Missing argument for option -f",
  "--pid": "Missing argument for option --pid",
  "--vrrp=yes": "Option --vrrp takes no argument",
  "-n extra": "Unexpected argument(s): extra",
  "-- x": "Unexpected argument(s): x",
};

for (const [line, error] of Object.entries(wrong)) {
  test(`flags: ${line} is refused`, () => {
    assert.deepEqual(parseFlags(words(line)), { ok: false, error });
  });
}

test("flags: help names every letter of keepalived's", () => {
  const help = helpText("understudyd");
  for (const letter of "fPCBlDSGuXVIRndprcabxAsmMeitvhg") {
    assert.match(help, new RegExp(`^  -${letter}, --`, "m"));
  }
});

const optionsOf = (line: string) => {
  const parsed = parseFlags(words(line));
  assert.ok(parsed.ok);
  const options = daemonOptions(parsed.value, "/here");
  assert.ok(options.ok, JSON.stringify(options));
  return options.value;
};

test("options: without flags the daemon detaches, logs to syslog and uses keepalived's paths", () => {
  const options = optionsOf("");
  assert.equal(options.configFile, "/etc/keepalived/keepalived.conf");
  assert.equal(options.pidFile, "/run/keepalived.pid");
  assert.equal(options.vrrpPidFile, "/run/keepalived_vrrp.pid");
  assert.equal(options.stateFile, "/run/understudy/state.json");
  assert.equal(options.controlSocket, "/run/understudy/control.sock");
  assert.equal(options.foreground, false);
  assert.deepEqual([options.log.console, options.log.syslog], [false, true]);
});

test("options: -n and -l log to the console instead of syslog", () => {
  assert.deepEqual([optionsOf("-n").log.console, optionsOf("-n").log.syslog], [true, false]);
  assert.deepEqual([optionsOf("-l").log.console, optionsOf("-l").foreground], [true, false]);
  assert.equal(optionsOf("-G").log.syslog, false);
});

test("options: relative paths start where the command was typed", () => {
  const options = optionsOf("-f a.conf -p run/p.pid --record=rec");
  assert.equal(options.configFile, "/here/a.conf");
  assert.equal(options.pidFile, "/here/run/p.pid");
  assert.equal(options.recordFile, "/here/rec");
});

test("options: the last of a repeated flag counts", () => {
  assert.equal(optionsOf("-f /a -f /b").configFile, "/b");
  assert.equal(optionsOf("-DDD").log.detail, 2);
});

test("options: daemons with pid files of their own keep apart", () => {
  assert.equal(optionsOf("-p /tmp/x/a.pid").stateFile, "/run/understudy/state-tmp-x-a.pid.json");
  assert.equal(
    optionsOf("-p /tmp/x/a.pid").otherControlSocket,
    "/run/understudy/control-tmp-x-a.pid.sock",
  );
  assert.equal(optionsOf("--control-socket /x.sock").otherControlSocket, undefined);
});

test("options: a namespace has its own pid files, as with keepalived", () => {
  const options = optionsOf("-s blue");
  assert.equal(options.pidFile, "/run/keepalived/blue/keepalived.pid");
  assert.equal(options.vrrpPidFile, "/run/keepalived/blue/keepalived_vrrp.pid");
});

test("options: what has no effect is told with its reason", () => {
  const { ignored } = optionsOf("-x -R -D");
  assert.deepEqual(
    ignored.map(({ flag }) => flag),
    ["snmp", "dont-respawn"],
  );
  assert.ok(ignored.every(({ reason }) => reason.length > 0));
});

for (const line of ["-S 9", "-S kern", "--log-format=xml", "-s ../x", "-u 1000"]) {
  test(`options: ${line} is refused`, () => {
    const parsed = parseFlags(words(line));
    assert.ok(parsed.ok);
    assert.equal(daemonOptions(parsed.value, "/").ok, false);
  });
}
