// What was on the wire and when: a tcpdump in the lab's bridge namespace, and a reader of the file it
// writes (pcap with nanoseconds). The kernel's time stamps are the only clock that the figures use.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export type Frame = {
  /** µs since the epoch, as the kernel stamped it. */
  readonly at: number;
  readonly bytes: Uint8Array;
};

export type VrrpFrame = {
  readonly at: number;
  readonly source: string;
  readonly vrid: number;
  readonly priority: number;
};

export type Capture = {
  /** What was on the wire until now. */
  stop(): Promise<readonly Frame[]>;
};

/**
 * The kernel hands frames over in blocks, a block at the latest after a second (tcpdump's default);
 * what it holds when tcpdump ends is lost. ms
 */
const blockTimeout = 1_100;

/** `at-once`: frame by frame, which is quick to stop but costs a wake-up for each. */
export type Delivery = "in-blocks" | "at-once";

/** Starts tcpdump by `command` (its argv up to `tcpdump`, such as `ip netns exec NAME tcpdump`). */
export async function capture(
  command: readonly string[],
  device: string,
  file: string,
  delivery: Delivery,
): Promise<Capture> {
  const filter = "ip proto 112 or arp";
  const [program = "tcpdump", ...before] = command;
  const options = ["-i", device, "-w", file, "--time-stamp-precision=nano", "-s", "160"];
  if (delivery === "at-once") options.push("--immediate-mode");
  const child = spawn(program, [...before, ...options, "-B", "16384", "-U", filter], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await said(child, "listening on");
  return {
    stop: async () => {
      const until = (performance.timeOrigin + performance.now()) * 1000;
      await sleep(delivery === "at-once" ? 20 : blockTimeout);
      const ended = once(child, "exit");
      child.kill("SIGINT");
      await ended;
      const frames = readPcap(readFileSync(file));
      rmSync(file, { force: true });
      return frames.filter(({ at }) => at <= until);
    },
  };
}

/** The IPv4 adverts among the frames. */
export function vrrpFrames(frames: readonly Frame[]): readonly VrrpFrame[] {
  const adverts: VrrpFrame[] = [];
  for (const { at, bytes } of frames) {
    if (bytes[12] !== 0x08 || bytes[13] !== 0x00 || bytes[23] !== 112) continue;
    const vrrp = 14 + 4 * ((bytes[14] ?? 0) & 0x0f);
    adverts.push({
      at,
      source: bytes.subarray(26, 30).join("."),
      vrid: bytes[vrrp + 1] ?? 0,
      priority: bytes[vrrp + 2] ?? 0,
    });
  }
  return adverts;
}

/** The gratuitous ARPs among the frames: when, and for which address. */
export function announcements(
  frames: readonly Frame[],
): readonly { readonly at: number; readonly address: string }[] {
  return frames
    .filter(({ bytes }) => bytes[12] === 0x08 && bytes[13] === 0x06)
    .map(({ at, bytes }) => ({
      at,
      address: bytes.subarray(28, 32).join("."),
      target: bytes.subarray(38, 42).join("."),
    }))
    .filter(({ address, target }) => address === target);
}

/** Reads a little-endian pcap file with nanosecond stamps. */
function readPcap(file: Uint8Array): readonly Frame[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 24 || view.getUint32(0, true) !== 0xa1b23c4d) {
    throw new Error("not a pcap file with nanosecond stamps");
  }
  const frames: Frame[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = view.getUint32(at + 8, true);
    const stamp = view.getUint32(at, true) * 1e6 + view.getUint32(at + 4, true) / 1000;
    frames.push({ at: stamp, bytes: file.subarray(at + 16, at + 16 + length) });
    at += 16 + length;
  }
  return frames;
}

/** Until the program said `text`; what it says later is read and dropped, so that it never blocks. */
function said(child: ChildProcess, text: string): Promise<void> {
  let heard = "";
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`tcpdump ended: ${heard}`)));
    child.stderr?.on("data", (chunk) => {
      heard = `${heard}${chunk}`.slice(-2000);
      if (heard.includes(text)) resolve();
    });
  });
}
