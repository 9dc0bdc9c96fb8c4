// Raw sockets between two namespaces that are joined by two cables, near/far and near2/far2: what
// arrives, what does not, and what refusals say. Sockets keep the namespace that they were opened in,
// so one thread that moves between the two can hold both ends.

import assert from "node:assert/strict";
import { openSync } from "node:fs";
import { test } from "node:test";
import { type IpAddress, ip } from "../../src/core/base/ip.ts";
import { limits } from "../../src/core/base/limits.ts";
import { after, seconds } from "../../src/core/base/time.ts";
import type { MulticastSocketSpec, UnicastSocketSpec } from "../../src/core/ports/raw-net.ts";
import { systemErrorText } from "../../src/core/ports/system-error.ts";
import { broadcastMac, encodeEthernet } from "../../src/core/wire/ethernet.ts";
import { decodeIpv4, encodeIpv4 } from "../../src/core/wire/ipv4.ts";
import { monotonicNow } from "../../src/host/linux/clock.ts";
import { libc } from "../../src/host/linux/ffi/libc.ts";
import { createLoop } from "../../src/host/linux/loop.ts";
import { enterNetworkNamespace, leaveNetworkNamespace } from "../../src/host/linux/process.ts";
import { type LinuxRawNet, linuxRawNet } from "../../src/host/linux/raw-net.ts";
import { domain, openSocket, socketType } from "../../src/host/linux/socket.ts";
import { insidePrivateNamespace, linkIndex, run } from "./private-namespace.ts";

const group = ip("224.0.0.18");
const nearAddress = ip("192.0.2.1");
const farAddress = ip("192.0.2.2");

const packetTo = (destination: IpAddress, payload: Uint8Array, source = nearAddress): Uint8Array =>
  encodeIpv4({ tos: 0xc0, ttl: 255, protocol: 112, source, destination }, payload);

const numbered = (number: number): Uint8Array => Uint8Array.of(0x31, number, 100, 0, 0, 100, 0, 0);

/** The second byte of each packet's payload. */
const numbersOf = (packets: readonly Uint8Array[]): readonly (number | undefined)[] =>
  packets.map((packet) => packet[21]);

function multicast(name: string): MulticastSocketSpec {
  const link = linkIndex(name);
  return { kind: "multicast", family: "ipv4", protocol: 112, link, linkName: name, group };
}

const unicast = (source: IpAddress): UnicastSocketSpec => ({
  kind: "unicast",
  family: "ipv4",
  protocol: 112,
  source,
});

/** Packets until `count` have come, or a second has passed. */
function receive(net: LinuxRawNet, socket: number, count: number): readonly Uint8Array[] {
  const loop = createLoop();
  const fd = net.fd(socket);
  assert.ok(loop.ok && fd !== undefined);
  const packets: Uint8Array[] = [];
  let late = false;
  const deadline = after(monotonicNow(), seconds(1));
  loop.value.watch(fd, () => packets.push(...net.receive(socket)));
  loop.value.run(
    () => deadline,
    () => {
      late = true;
    },
    () => late || packets.length >= count,
  );
  loop.value.close();
  return packets;
}

const nearNamespace = (): void => enter(nearPath);
const farNamespace = (): void => enter(farPath);
let nearPath = "";
let farPath = "";

function enter(path: string): void {
  const entered = enterNetworkNamespace(path);
  assert.ok(entered.ok, entered.ok ? "" : systemErrorText(entered.error));
}

/** A path that keeps the current namespace alive, and by which other processes find it. */
const currentNamespace = (): string =>
  `/proc/${process.pid}/fd/${openSync("/proc/thread-self/ns/net", "r")}`;

function joinNamespaces(): void {
  nearPath = currentNamespace();
  assert.ok(leaveNetworkNamespace().ok);
  farPath = currentNamespace();
  nearNamespace();
  for (const [near, far, network] of [
    ["near", "far", "192.0.2"],
    ["near2", "far2", "198.51.100"],
  ]) {
    run(`ip link add ${near} type veth peer name ${far}`);
    run(`ip link set ${far} netns ${farPath}`);
    run(`ip addr add ${network}.1/24 dev ${near}`);
    run(`ip link set ${near} up`);
    farNamespace();
    run(`ip addr add ${network}.2/24 dev ${far}`);
    run(`ip link set ${far} up`);
    nearNamespace();
  }
}

/** Both ends with the multicast sockets 1 (near, far) and 2 (near2, far2) open. */
function inLab(what: string, body: (near: LinuxRawNet, far: LinuxRawNet) => void): void {
  test(`raw sockets: ${what}`, () => {
    const near = linuxRawNet();
    const far = linuxRawNet();
    try {
      nearNamespace();
      assert.ok(near.open(1, multicast("near")).ok);
      assert.ok(near.open(2, multicast("near2")).ok);
      farNamespace();
      assert.ok(far.open(1, multicast("far")).ok);
      assert.ok(far.open(2, multicast("far2")).ok);
      nearNamespace();
      body(near, far);
    } finally {
      near.closeAll();
      far.closeAll();
    }
  });
}

if (insidePrivateNamespace(import.meta.url)) {
  joinNamespaces();

  inLab("A03 A06 A08: a multicast packet arrives whole, header included", (near, far) => {
    const sent = packetTo(group, numbered(1));
    assert.deepEqual(near.send(1, group, sent), { ok: true, value: undefined });
    const [packet, ...others] = receive(far, 1, 1);
    assert.ok(packet !== undefined && others.length === 0);
    const decoded = decodeIpv4(packet);
    assert.ok(decoded.ok);
    assert.equal(decoded.value.ttl, 255);
    assert.equal(decoded.value.tos, 0xc0);
    assert.equal(decoded.value.source, nearAddress);
    assert.equal(decoded.value.destination, group);
    assert.deepEqual(packet.subarray(20), numbered(1));
  });

  inLab("our own packet does not come back", (near, far) => {
    near.send(1, group, packetTo(group, numbered(1)));
    far.send(1, group, packetTo(group, numbered(2), farAddress));
    assert.deepEqual(numbersOf(receive(near, 1, 1)), [2]);
    assert.deepEqual(near.receive(1), []);
  });

  inLab("B26: a packet on another interface is not taken", (near, far) => {
    near.send(2, group, packetTo(group, numbered(2)));
    near.send(1, group, packetTo(group, numbered(1)));
    assert.deepEqual(numbersOf(receive(far, 1, 1)), [1]);
    assert.deepEqual(numbersOf(receive(far, 2, 1)), [2]);
    assert.deepEqual([...far.receive(1), ...far.receive(2)], []);
  });

  inLab("the group's socket takes no unicast, the source's socket nothing else", (near, far) => {
    farNamespace();
    assert.ok(far.open(3, unicast(farAddress)).ok);
    nearNamespace();
    assert.ok(near.open(3, unicast(nearAddress)).ok);
    near.send(3, farAddress, packetTo(farAddress, numbered(3)));
    near.send(1, group, packetTo(group, numbered(1)));
    assert.deepEqual(numbersOf(receive(far, 3, 1)), [3]);
    assert.deepEqual(numbersOf(receive(far, 1, 1)), [1]);
    assert.deepEqual([...far.receive(1), ...far.receive(3)], []);
  });

  inLab("a unicast socket opens before its source address is there", (near, far) => {
    const later = ip("192.0.2.77");
    farNamespace();
    const link = linkIndex("far");
    const spec = { ...unicast(later), link, linkName: "far" };
    assert.deepEqual(far.open(3, spec), { ok: true, value: undefined });
    run(`ip addr add ${later}/32 dev far`);
    nearNamespace();
    near.open(3, unicast(nearAddress));
    near.send(3, later, packetTo(later, numbered(7)));
    assert.deepEqual(numbersOf(receive(far, 3, 1)), [7]);
    farNamespace();
    run(`ip addr del ${later}/32 dev far`);
  });

  inLab("a run of packets arrives in order, at most a wake-up's worth at once", (near, far) => {
    const run100 = Array.from({ length: 100 }, (_, i) => ({
      to: group,
      bytes: packetTo(group, numbered(i)),
    }));
    assert.deepEqual(near.sendAll(1, run100), []);
    const first = receive(far, 1, 1);
    assert.equal(first.length, limits.packetsPerWakeUp);
    const rest = receive(far, 1, 100 - first.length);
    assert.deepEqual(
      numbersOf([...first, ...rest]),
      run100.map((_, i) => i),
    );
  });

  inLab("a refused packet in a run keeps none of the others back", (near, far) => {
    const tooLong = packetTo(group, new Uint8Array(1_600));
    const packets = [packetTo(group, numbered(0)), tooLong, packetTo(group, numbered(2))];
    const refusals = near.sendAll(
      1,
      packets.map((bytes) => ({ to: group, bytes })),
    );
    assert.deepEqual(
      refusals.map(({ place, error }) => [place, error.code]),
      [[1, "EMSGSIZE"]],
    );
    assert.deepEqual(numbersOf(receive(far, 1, 2)), [0, 2]);
  });

  inLab("frames go out on the link that they name, one by one and in a run", (near) => {
    nearNamespace();
    const link = linkIndex("near");
    farNamespace();
    // An EtherType for local experiments, so that nothing else is heard.
    const ear = openSocket(
      { domain: domain.packet, type: socketType.raw, protocol: 0xb588 },
      [],
      "ear",
      "packet",
    );
    assert.ok(ear.ok);
    nearNamespace();
    const frame = (number: number): Uint8Array =>
      encodeEthernet({
        destination: broadcastMac,
        source: "02:00:00:00:00:01",
        etherType: 0x88b5,
        payload: Uint8Array.of(number),
      });
    assert.ok(near.sendFrame(link, frame(0)).ok);
    const many = Array.from({ length: 70 }, (_, i) => ({ link, bytes: frame(i + 1) }));
    assert.deepEqual(near.sendFrames(many), []);
    const buffer = new Uint8Array(100);
    const heard: number[] = [];
    for (let i = 0; i <= 70; i++) {
      assert.ok(libc().recv(ear.value, buffer, buffer.length, 0) >= 15, `frame ${i} arrives`);
      heard.push(buffer[14] ?? -1);
    }
    assert.deepEqual(
      heard,
      Array.from({ length: 71 }, (_, i) => i),
    );
    libc().close(ear.value);
    const lost = near.sendFrames([{ link: 4242, bytes: frame(0) }]);
    assert.match(
      lost.map(({ error }) => systemErrorText(error)).join(),
      /frame on interface number 4242\): ENXIO - the interface does not exist/,
    );
  });

  inLab("refusals name the call, the socket and what to do", (near) => {
    const missing = near.open(9, { ...multicast("near"), linkName: "gone", link: 4242 });
    assert.ok(!missing.ok);
    assert.equal(
      systemErrorText(missing.error),
      "setsockopt SO_BINDTODEVICE (raw socket for protocol 112, 224.0.0.18 on gone): ENODEV - " +
        "the interface does not exist (any more); compare with `ip link`",
    );
    assert.equal(near.fd(9), undefined);
    run("ip link set near2 down");
    const down = near.send(2, group, packetTo(group, numbered(1)));
    run("ip link set near2 up");
    assert.ok(!down.ok);
    assert.match(
      systemErrorText(down.error),
      /^sendto \(packet to 224\.0\.0\.18 by .*near2\): ENET(DOWN|UNREACH) - /,
    );
    const closed = near.send(99, group, packetTo(group, numbered(1)));
    assert.ok(!closed.ok && closed.error.code === "EBADF");
  });
}
