// Sockets that the system refuses: a fault of every instance that needs one, a new attempt after a
// while, and recovery once an attempt has held.

import type { SocketId } from "../ports/raw-net.ts";
import type { SystemError } from "../ports/system-error.ts";
import type { Instance } from "./instance.ts";
import { type SocketEntry, socketText } from "./sockets.ts";
import { type NodeState, report } from "./state.ts";
import { updateInstance } from "./update.ts";

export function handleSocketRefused(state: NodeState, id: SocketId, error: SystemError): void {
  const entry = state.sockets.find(id);
  if (entry === undefined) return;
  if (error.call.startsWith("send")) {
    noteSendRefused(state, entry, error);
    return;
  }
  const before = entry.state;
  state.sockets.refused(entry, state.now);
  // A vain attempt is no news.
  if (before === "trying") return;
  report(state, { kind: "socket-refused", socket: socketText(entry.spec), error });
  updateAll(state, entry);
}

/** Tries again what is due, and lets those recover whose socket works. */
export function handleSocketTimeout(state: NodeState): void {
  for (const entry of state.sockets.handleTimeout(state.now, state.effects)) {
    updateAll(state, entry);
  }
}

/** A packet that did not leave is no reason to give up: a link that is down says so itself. */
function noteSendRefused(state: NodeState, entry: SocketEntry<Instance>, error: SystemError): void {
  if (entry.sendRefusalReported) return;
  entry.sendRefusalReported = true;
  report(state, { kind: "socket-refused", socket: socketText(entry.spec), error });
}

function updateAll(state: NodeState, entry: SocketEntry<Instance>): void {
  for (const instance of [...entry.byVrid.values()].flat()) updateInstance(state, instance);
}
