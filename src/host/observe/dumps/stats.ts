// keepalived.stats (SIGUSR2) and the counters of keepalived.json: our counters under keepalived's
// names. Several refusals share one of its counters; what it counts nowhere is in `status` alone.

import type { InstanceStatus, NodeStatus } from "../../../core/engine/status.ts";
import type { CounterName } from "../../../core/vrrp/counters.ts";

/** keepalived's JSON names, in its order, and which of our counters they sum up. */
export const statsSources = {
  advert_rcvd: ["adverts-received"],
  advert_sent: ["adverts-sent"],
  become_master: ["became-master"],
  release_master: ["released-master"],
  packet_len_err: ["dropped bad-length", "dropped truncated", "dropped ip-length-mismatch"],
  advert_interval_err: ["dropped interval-mismatch", "dropped zero-interval"],
  ip_ttl_err: ["dropped bad-ttl"],
  invalid_type_rcvd: ["dropped bad-type"],
  addr_list_err: ["address-list-errors", "dropped wrong-cast", "dropped no-addresses"],
  invalid_authtype: ["dropped bad-auth-type"],
  authtype_mismatch: ["dropped auth-type-mismatch"],
  auth_failure: ["dropped bad-password"],
  pri_zero_rcvd: ["priority-zero-received"],
  pri_zero_sent: ["priority-zero-sent"],
} as const satisfies Record<string, readonly CounterName[]>;

export type StatsName = keyof typeof statsSources;

/** The sum behind one of keepalived's counters. */
export function statOf(status: InstanceStatus, name: StatsName): number {
  let sum = 0;
  for (const counter of statsSources[name]) sum += status.counters[counter] ?? 0;
  return sum;
}

/** The text of keepalived.stats. */
export const renderStats = (status: NodeStatus): string =>
  status.instances.map(instanceStats).join("");

function instanceStats(status: InstanceStatus): string {
  const stat = (name: StatsName) => statOf(status, name);
  return `VRRP Instance: ${status.name}
  Advertisements:
    Received: ${stat("advert_rcvd")}
    Sent: ${stat("advert_sent")}
  Became master: ${stat("become_master")}
  Released master: ${stat("release_master")}
  Packet Errors:
    Length: ${stat("packet_len_err")}
    TTL: ${stat("ip_ttl_err")}
    Invalid Type: ${stat("invalid_type_rcvd")}
    Advertisement Interval: ${stat("advert_interval_err")}
    Address List: ${stat("addr_list_err")}
  Authentication Errors:
    Invalid Type: ${stat("invalid_authtype")}
    Type Mismatch: ${stat("authtype_mismatch")}
    Failure: ${stat("auth_failure")}
  Priority Zero:
    Received: ${stat("pri_zero_rcvd")}
    Sent: ${stat("pri_zero_sent")}
`;
}
