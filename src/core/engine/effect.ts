// Everything that a router does to the world, as data. A driver (host or sim) carries effects out
// in their order; what comes back are inputs.

import type { IpAddress } from "../base/ip.ts";
import type { InterfaceAddress } from "../ports/kernel.ts";
import type { SocketId, SocketSpec } from "../ports/raw-net.ts";
import type { NodeEvent } from "./event.ts";

export type EngineEffect =
  | { readonly kind: "open-socket"; readonly socket: SocketId; readonly spec: SocketSpec }
  | { readonly kind: "close-socket"; readonly socket: SocketId }
  /** `bytes` is a whole IP packet; never changed after it was handed out. */
  | {
      readonly kind: "send-packet";
      readonly socket: SocketId;
      readonly to: IpAddress;
      readonly bytes: Uint8Array;
    }
  /** An Ethernet frame on a link. */
  | { readonly kind: "send-frame"; readonly link: number; readonly bytes: Uint8Array }
  /** Answered by the input `addresses-added`. */
  | {
      readonly kind: "add-addresses";
      readonly instance: string;
      readonly addresses: readonly InterfaceAddress[];
    }
  /**
   * The instance no longer wants what its unanswered `add-addresses` ask for: what is not in the
   * kernel yet may be answered `absent`. A driver that adds at once has nothing to do.
   */
  | { readonly kind: "cancel-additions"; readonly instance: string }
  | {
      readonly kind: "remove-addresses";
      readonly instance: string;
      readonly addresses: readonly InterfaceAddress[];
    }
  /** Something worth telling; the host logs it and keeps the last ones for `status`. */
  | { readonly kind: "report"; readonly event: NodeEvent }
  /** After `shutdown`: nothing of ours is left on the wire or in the kernel. */
  | { readonly kind: "stopped" };
