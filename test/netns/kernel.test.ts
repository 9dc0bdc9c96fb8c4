// The real kernel signs the contract, in a namespace of its own with a veth pair for the two links.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { libc } from "../../src/host/linux/ffi/libc.ts";
import { int32, writeTimespec } from "../../src/host/linux/ffi/memory.ts";
import { type LinuxKernel, linuxKernel } from "../../src/host/linux/kernel.ts";
import { level, socketOption } from "../../src/host/linux/socket.ts";
import { type KernelLab, kernelContract } from "../contract/kernel.ts";
import { insidePrivateNamespace, linkIndex, run } from "./private-namespace.ts";

/** Small enough to overflow by a few hundred events; the kernel doubles it. */
const smallBuffer = 4_096;

function openKernel(monitorBuffer?: number): LinuxKernel {
  const opened = linuxKernel(monitorBuffer === undefined ? {} : { monitorBuffer });
  assert.ok(opened.ok, "the kernel answers");
  return opened.value;
}

function makeLinks(): number {
  run("ip link add left type veth peer name right");
  run("ip link set right up");
  run("ip link set left up");
  return linkIndex("left");
}

if (insidePrivateNamespace(import.meta.url)) {
  // The machine's own root has all user ids; in a user namespace there are fewer.
  const keepsManyEvents = /^\s*0\s+0\s+4294967295$/m.test(
    readFileSync("/proc/self/uid_map", "utf8"),
  );
  const lab = (): KernelLab => {
    const link = makeLinks();
    const kernel = openKernel();
    return {
      kernel,
      link,
      setLinkUp: (up) => void run(`ip link set right ${up ? "up" : "down"}`),
      removeAsSomebodyElse: ({ address, prefixLength }) =>
        void run(`ip addr del ${address}/${prefixLength} dev left`),
      overrun: () => overflow(kernel),
      waitForEvent: () => waitReadable(kernel.monitorFd),
      close: () => {
        kernel.close();
        run("ip link del left");
      },
    };
  };
  kernelContract("linux", lab, { keepsManyEvents });

  test("linux: a monitor buffer that is too small gives one overrun, not a wrong picture", () => {
    makeLinks();
    const kernel = openKernel(smallBuffer);
    try {
      kernel.snapshot();
      for (let i = 0; i < 20; i++) run(`ip addr add 192.0.2.${i + 1}/32 dev left`);
      assert.deepEqual(kernel.events(), [{ kind: "overrun" }]);
      const snapshot = kernel.snapshot();
      assert.ok(snapshot.ok);
      const held = snapshot.value.addresses.filter(({ address }) => address.startsWith("192."));
      assert.equal(held.length, 20);
    } finally {
      kernel.close();
      run("ip link del left");
    }
  });

  test("linux: a port that joins or leaves a bridge is neither changed nor removed", () => {
    makeLinks();
    run("ip link add bridge0 type bridge");
    const kernel = openKernel();
    try {
      kernel.snapshot();
      run("ip link set left master bridge0");
      run("ip link set left nomaster");
      const index = linkIndex("left");
      const wrong = kernel
        .events()
        .filter(
          (event) =>
            event.kind === "link-removed" ||
            (event.kind === "link-changed" && event.link.index === index),
        );
      assert.deepEqual(wrong, []);
    } finally {
      kernel.close();
      run("ip link del left");
      run("ip link del bridge0");
    }
  });

  test("linux: a link that is deleted is told as removed", () => {
    const index = makeLinks();
    const kernel = openKernel();
    try {
      kernel.snapshot();
      run("ip link del left");
      const removed = kernel
        .events()
        .flatMap((event) => (event.kind === "link-removed" ? [event.index] : []));
      assert.ok(removed.includes(index));
    } finally {
      kernel.close();
    }
  });
}

/** Has more happen than a monitor's buffer holds, which is made small for the while. */
function overflow(kernel: LinuxKernel): void {
  setReceiveBuffer(kernel.monitorFd, smallBuffer);
  for (let i = 0; i < 20; i++) run(`ip addr add 198.51.100.${i + 1}/32 dev right`);
  setReceiveBuffer(kernel.monitorFd, 1024 * 1024);
}

function waitReadable(fd: number): void {
  const watched = new Uint8Array(8);
  watched.set(int32(fd));
  watched[4] = 1;
  const twoSeconds = new Uint8Array(16);
  writeTimespec(twoSeconds, 2_000_000);
  libc().ppoll(watched, 1, twoSeconds, null);
}

function setReceiveBuffer(fd: number, bytes: number): void {
  const set = libc().setsockopt(fd, level.socket, socketOption.receiveBuffer, int32(bytes), 4);
  assert.equal(set, 0);
}
