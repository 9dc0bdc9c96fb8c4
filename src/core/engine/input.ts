// Everything that can happen to a router, as data. Recorded as JSON lines (recording.ts), these are
// all it takes to decide the same again.

import type { NodeModel } from "../config/model.ts";
import type {
  AddressOutcome,
  InterfaceAddress,
  KernelEvent,
  KernelSnapshot,
} from "../ports/kernel.ts";
import type { SocketId } from "../ports/raw-net.ts";
import type { SystemError } from "../ports/system-error.ts";

export type EngineInput =
  /** The kernel as it is: first of all inputs, and again after events were lost. */
  | { readonly kind: "kernel-snapshot"; readonly snapshot: KernelSnapshot }
  /**
   * The configuration: the first starts the instances, later ones are reloads. `leftovers` are
   * addresses that an earlier run's state file proves ours.
   */
  | {
      readonly kind: "configure";
      readonly model: NodeModel;
      readonly leftovers?: readonly InterfaceAddress[];
    }
  /** `overrun` is not an input: the driver answers it with a new snapshot. */
  | Exclude<KernelEvent, { kind: "overrun" }>
  /** What one wake-up took from one socket: whole IP packets. */
  | {
      readonly kind: "packets-received";
      readonly socket: SocketId;
      readonly packets: readonly Uint8Array[];
    }
  /** Answer to `add-addresses`: one outcome for each address, in order. */
  | {
      readonly kind: "addresses-added";
      readonly instance: string;
      readonly addresses: readonly InterfaceAddress[];
      readonly outcomes: readonly AddressOutcome[];
    }
  /** Answer to `open-socket` or `send-packet` that the system refused. */
  | { readonly kind: "socket-refused"; readonly socket: SocketId; readonly error: SystemError }
  /** Give up mastership everywhere, withdraw everything; `stopped` follows as an effect. */
  | { readonly kind: "shutdown" };
