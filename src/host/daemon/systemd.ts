// What systemd's Type=notify units want to hear, sent to $NOTIFY_SOCKET as sd_notify(3) describes;
// nothing without that variable.

import { monotonicNow } from "../linux/clock.ts";
import { unixDatagramSender } from "../linux/unix-datagram.ts";

export type ServiceState = "ready" | "reloading" | "stopping";

export function tellSystemd(state: ServiceState): void {
  const path = process.env["NOTIFY_SOCKET"];
  if (path === undefined || path === "") return;
  const socket = unixDatagramSender(path);
  socket.send(new TextEncoder().encode(messages[state]()));
  socket.close();
}

const messages: Readonly<Record<ServiceState, () => string>> = {
  ready: () => `READY=1\nMAINPID=${process.pid}`,
  reloading: () => `RELOADING=1\nMONOTONIC_USEC=${monotonicNow()}`,
  stopping: () => "STOPPING=1",
};
