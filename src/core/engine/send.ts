// Adverts on their way out. The packets of one priority are built once, kept as finished effects
// and handed out again with every advert, until a change of the instance makes them stale.

import type { IpAddress } from "../base/ip.ts";
import { advertPacket } from "../vrrp/outgoing.ts";
import type { EngineEffect } from "./effect.ts";
import type { Instance } from "./instance.ts";
import { type NodeState, report } from "./state.ts";

/** Sends one advert to the group, or to every peer; nothing while there is no source address. */
export function sendAdvert(state: NodeState, instance: Instance, priority: number): void {
  const { socket, source } = instance;
  if (socket === undefined || source === undefined) return;
  let { adverts } = instance;
  if (adverts === undefined || adverts.priority !== priority) {
    adverts = { priority, effects: buildAdverts(instance, socket.id, source, priority) };
    instance.adverts = adverts;
  }
  for (const effect of adverts.effects) state.effects.push(effect);
  if (adverts.effects.length === 0) return;
  instance.counters.add("adverts-sent");
  if (priority === 0) {
    instance.counters.add("priority-zero-sent");
    report(state, { kind: "priority-zero-sent", instance: instance.name });
  }
}

function buildAdverts(
  { model }: Instance,
  socket: number,
  source: IpAddress,
  priority: number,
): readonly EngineEffect[] {
  const { transport } = model;
  const targets =
    transport.kind === "multicast"
      ? [transport.group]
      : transport.peers.map(({ address }) => address);
  return targets.map((to) => ({
    kind: "send-packet",
    socket,
    to,
    bytes: advertPacket(model, { source, destination: to, priority }),
  }));
}
