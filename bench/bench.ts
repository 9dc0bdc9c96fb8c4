// The virtual LAN of the measurements: four routers a0, a1, b0 and b1 on one bridge, a folder for their
// files, and a capture on the bridge.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bridgeOf, createLab, lan } from "../src/host/lab/lab.ts";
import { inNamespace } from "../src/host/lab/namespaces.ts";
import { type Capture, capture, type Delivery } from "./capture.ts";

export type Bench = {
  readonly folder: string;
  /** The argv that runs `argv` on a router. */
  on(router: string, argv: readonly string[]): readonly string[];
  capture(delivery?: Delivery): Promise<Capture>;
  /** Lets real time pass, in seconds: what is measured takes it. */
  wait(seconds: number): Promise<unknown>;
  close(): void;
};

/** Throws with the reason when this machine does not allow network namespaces. */
export function openBench(): Bench {
  const lab = createLab("bench", {
    a0: { eth0: ["10.77.9.201/16"] },
    a1: { eth0: ["10.77.9.202/16"] },
    b0: { eth0: ["10.77.9.203/16"] },
    b1: { eth0: ["10.77.9.204/16"] },
  });
  return {
    folder: lab.folder,
    on: (router, argv) => inNamespace(lab.namespaceOf(router), argv),
    capture: (delivery = "in-blocks") =>
      capture(
        inNamespace(lab.namespaceOf(lan), ["tcpdump"]),
        bridgeOf("eth0"),
        join(lab.folder, "wire.pcap"),
        delivery,
      ),
    wait: (seconds) => sleep(seconds * 1000),
    close: () => lab.close(),
  };
}
