// The small pieces of the Linux layer that need no privileges: datagrams, file locks, errors in words,
// and memory layouts against what the kernel makes of them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { instant, microseconds } from "../../../../src/core/base/time.ts";
import { systemErrorText } from "../../../../src/core/ports/system-error.ts";
import { monotonicNow } from "../../../../src/host/linux/clock.ts";
import { errnoName } from "../../../../src/host/linux/ffi/errno.ts";
import { libc, platformProblem } from "../../../../src/host/linux/ffi/libc.ts";
import { unixAddress } from "../../../../src/host/linux/ffi/memory.ts";
import { enterNetworkNamespace, lockFile } from "../../../../src/host/linux/process.ts";
import { limitRealtime, scheduleThread } from "../../../../src/host/linux/realtime.ts";
import { domain, openSocket, socketType } from "../../../../src/host/linux/socket.ts";
import { systemError } from "../../../../src/host/linux/system-error.ts";
import { unixDatagramSender } from "../../../../src/host/linux/unix-datagram.ts";

const problem = platformProblem();
const skip = problem === undefined ? false : `${problem.object}: ${problem.remedy}`;

function inFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "understudy-linux-"));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A bound AF_UNIX datagram socket, as /dev/log is. */
function listen(path: string): number {
  const address = unixAddress(path);
  const opened = openSocket(
    { domain: domain.unix, type: socketType.datagram, protocol: 0 },
    [{ call: "bind", run: (fd) => libc().bind(fd, address, address.length) }],
    path,
    "local",
  );
  assert.ok(opened.ok, opened.ok ? "" : systemErrorText(opened.error));
  return opened.value;
}

function read(fd: number): string {
  const buffer = new Uint8Array(100);
  const length = libc().recv(fd, buffer, buffer.length, 0);
  return length < 0 ? "" : Buffer.from(buffer.subarray(0, length)).toString();
}

test("datagrams reach a unix socket, also after its reader was restarted", { skip }, () => {
  inFolder((folder) => {
    const path = join(folder, "log");
    const sender = unixDatagramSender(path);
    const lost = sender.send(Buffer.from("nobody"));
    assert.ok(!lost.ok);
    assert.equal(systemErrorText(lost.error), `connect (${path}): ENOENT - nobody listens there`);
    const first = listen(path);
    assert.ok(sender.send(Buffer.from("<30>one")).ok);
    assert.equal(read(first), "<30>one");
    libc().close(first);
    rmSync(path);
    const second = listen(path);
    assert.ok(sender.send(Buffer.from("<30>two")).ok);
    assert.equal(read(second), "<30>two");
    sender.close();
    libc().close(second);
  });
});

test("datagrams reach the abstract namespace, as systemd's NOTIFY_SOCKET may name", {
  skip,
}, () => {
  const path = `@understudy-test-${process.pid}`;
  const fd = listen(path);
  const sender = unixDatagramSender(path);
  assert.ok(sender.send(Buffer.from("READY=1")).ok);
  assert.equal(read(fd), "READY=1");
  sender.close();
  libc().close(fd);
});

test("a path that is too long is refused, not cut", { skip }, () => {
  const sent = unixDatagramSender(`/tmp/${"x".repeat(120)}`).send(Buffer.from("x"));
  assert.ok(!sent.ok && sent.error.code === "ENAMETOOLONG");
});

test("a pid file has one owner until its fd is closed", { skip }, () => {
  inFolder((folder) => {
    const path = join(folder, "pid");
    const first = openSync(path, "w");
    const second = openSync(path, "r+");
    assert.deepEqual(lockFile(first, path), { ok: true, value: true });
    assert.deepEqual(lockFile(second, path), { ok: true, value: false });
    closeSync(first);
    assert.deepEqual(lockFile(second, path), { ok: true, value: true });
    closeSync(second);
    const closed = lockFile(second, path);
    assert.ok(!closed.ok && closed.error.code === "EBADF");
  });
});

test("errors say the call, the object, the errno's name and a remedy", () => {
  const text = (...given: Parameters<typeof systemError>) => systemErrorText(systemError(...given));
  assert.equal(
    text("socket", "raw socket for protocol 112 on eth0", "raw", 1),
    "socket (raw socket for protocol 112 on eth0): EPERM - needs CAP_NET_RAW: run with sudo, or " +
      "grant it to the unit (AmbientCapabilities=CAP_NET_RAW)",
  );
  assert.match(text("RTM_NEWADDR", "192.0.2.1/24 on eth0", "netlink", 1), /needs CAP_NET_ADMIN/);
  assert.match(text("setns", "/run/netns/x", "namespace", 1), /needs CAP_SYS_ADMIN/);
  assert.match(text("bind", "x", "raw", 99), /EADDRNOTAVAIL - the address is not on this machine/);
  assert.match(text("sendto", "x", "packet", 105), /ENOBUFS - the kernel's buffers are full/);
  assert.equal(
    text("RTM_NEWADDR", "x", "netlink", 17, "said the kernel"),
    "RTM_NEWADDR (x): EEXIST - said the kernel",
  );
  assert.equal(text("read", "x", "local", 71), "read (x): EPROTO");
  assert.equal(errnoName(4095), "errno 4095");
});

test("a namespace that is not there is refused in words", { skip }, () => {
  const entered = enterNetworkNamespace("understudy-no-such");
  assert.ok(!entered.ok);
  assert.equal(
    systemErrorText(entered.error),
    "open (/run/netns/understudy-no-such): ENOENT - there is no such namespace; compare with `ip netns list`",
  );
});

test("the monotonic clock is the kernel's, in µs", { skip }, () => {
  const before = monotonicNow();
  const timespec = new BigInt64Array(2);
  assert.equal(libc().clock_gettime(1, timespec), 0);
  const kernel = instant(Number((timespec[0] ?? 0n) * 1_000_000n + (timespec[1] ?? 0n) / 1_000n));
  assert.ok(before <= kernel && kernel <= monotonicNow());
});

// In a process of its own: scheduling and limits would stay with this one.
test("SCHED_RR is set for the thread, or refused with what it needs", { skip }, () => {
  const module = new URL("../../../../src/host/linux/realtime.js", import.meta.url).href;
  const done = spawnSync(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { scheduleThread, limitRealtime } from ${JSON.stringify(module)};
     import { readFileSync } from "node:fs";
     const limited = limitRealtime(500000, 1000000);
     const scheduled = scheduleThread(5);
     const policy = readFileSync("/proc/thread-self/stat", "utf8").split(") ")[1].split(" ");
     console.log(JSON.stringify({ limited, scheduled, priority: policy[37], policy: policy[38] }));`,
  ]);
  const said = JSON.parse(done.stdout.toString());
  assert.deepEqual(said.limited, { ok: true });
  if (said.scheduled.ok) {
    assert.deepEqual([said.policy, said.priority], ["2", "5"]);
  } else {
    assert.equal(said.scheduled.error.code, "EPERM");
    assert.match(said.scheduled.error.remedy, /CAP_SYS_NICE/);
    assert.equal(said.policy, "0");
  }
});

test("the program restarts itself with an option of V8, under the same pid", { skip }, () => {
  const module = new URL("../../../../src/host/linux/process.js", import.meta.url).href;
  inFolder((folder) => {
    const script = join(folder, "restarting.mjs");
    writeFileSync(
      script,
      `import { restartWith } from ${JSON.stringify(module)};
       import { writeSync } from "node:fs";
       writeSync(1, process.pid + " " + process.execArgv.join() + " " + process.argv[2] + "\\n");
       const done = restartWith(["--single-threaded-gc"]);
       writeSync(1, JSON.stringify(done) + "\\n");`,
    );
    const done = spawnSync(process.execPath, ["--no-warnings", script, "an argument"]);
    const lines = done.stdout.toString().trim().split("\n");
    const pid = lines[0]?.split(" ")[0];
    assert.deepEqual(lines, [
      `${pid} --no-warnings an argument`,
      `${pid} --single-threaded-gc,--no-warnings an argument`,
      `{"ok":true}`,
    ]);
  });
});

test("a real-time priority that does not exist is refused", { skip }, () => {
  const refused = scheduleThread(100);
  assert.ok(!refused.ok);
  assert.match(systemErrorText(refused.error), /SCHED_RR priority 100\): EINVAL - .* 1 to 99/);
  const upsideDown = limitRealtime(microseconds(2), microseconds(1));
  assert.ok(!upsideDown.ok && upsideDown.error.code === "EINVAL");
});
