// What the control thread and the engine thread tell each other. Plain data, since all of it crosses
// a MessagePort; the control thread raises an eventfd after each command, because the engine thread
// never returns to Node's own loop.

import type { NodeModel } from "../../core/config/model.ts";
import type { NodeEvent } from "../../core/engine/event.ts";
import type { NodeStatus } from "../../core/engine/status.ts";
import type { InterfaceAddress } from "../../core/ports/kernel.ts";

/** What the engine thread works with: the first message on its port. */
export type EngineStart = {
  /** The eventfd that says that commands wait. */
  readonly wakeFd: number;
  /** Our end of the guard's socket. */
  readonly guardFd: number;
  /** Memory for counters: counterSlots rows of one Float64Array each. */
  readonly counters: SharedArrayBuffer;
  /** One Int32: how many reports the control thread has taken. */
  readonly taken: SharedArrayBuffer;
  readonly namespace?: string;
  readonly record: boolean;
};

/** An address with its link's name, which survives a re-creation of the link. */
export type HeldAddress = InterfaceAddress & { readonly linkName: string };

/** From the control thread. */
export type EngineCommand =
  | {
      readonly kind: "configure";
      readonly model: NodeModel;
      readonly leftovers?: readonly HeldAddress[];
    }
  | { readonly kind: "status"; readonly request: number }
  /** A new guard listens on this fd and knows nothing yet. */
  | { readonly kind: "guard"; readonly fd: number }
  /** The thread was put back under the normal policy; the next configuration may change that. */
  | { readonly kind: "demoted" }
  | { readonly kind: "shutdown" }
  /** Ends without a word: addresses stay, no priority 0 is sent (`-V`). */
  | { readonly kind: "leave" };

export type TimedEvent = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: NodeEvent;
};

/** From the engine thread. */
export type EngineReport =
  /** Sockets to the kernel are open; `thread` is the kernel's number of the engine thread. */
  | { readonly kind: "ready"; readonly thread: number }
  | { readonly kind: "configured" }
  | { readonly kind: "events"; readonly events: readonly TimedEvent[] }
  | { readonly kind: "status"; readonly request: number; readonly status: NodeStatus }
  | {
      readonly kind: "held";
      readonly added: readonly HeldAddress[];
      readonly removed: readonly HeldAddress[];
    }
  | { readonly kind: "counters"; readonly instance: string; readonly slot: number }
  | { readonly kind: "recorded"; readonly lines: readonly string[] }
  /** How the thread is scheduled now; `problem` says why not as wished. */
  | { readonly kind: "scheduled"; readonly priority: number; readonly problem?: string }
  /** So many events and lines were lost because nobody took them. */
  | { readonly kind: "dropped"; readonly count: number }
  | { readonly kind: "stopped" }
  /** A failure that ends the thread, in words; `code` is the exit code that it deserves. */
  | { readonly kind: "failed"; readonly text: string; readonly code: number };
