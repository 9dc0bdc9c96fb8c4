// Pieces that the dumps share: keepalived's way of writing addresses, times and scripts. Inputs are
// parts of the model and of the engine's status; times are microseconds since 1970.

import { familyOf, type IpAddress, prefixLengthMax } from "../../../core/base/ip.ts";
import type { VirtualAddress } from "../../../core/config/model.ts";
import type { ScriptModel } from "../../../core/config/model-script.ts";
import type { InstanceStatus } from "../../../core/engine/status.ts";
import { ctime } from "../sinks.ts";

/** When and where a dump is made. */
export type DumpMoment = {
  /** Milliseconds since 1970, fractions allowed. */
  readonly at: number;
};

/** Passwords never leave the process. */
export const masked = "********";

/** `10.0.0.100/24 brd 10.0.0.255 dev eth0 scope global label eth0:vip set`. */
export function virtualAddressText(
  status: InstanceStatus,
  virtual: VirtualAddress,
  excluded: boolean,
): string {
  const isSet = status.addresses.some(
    (held) =>
      held.installed && held.excluded === excluded && held.address.address === virtual.address,
  );
  const link = virtual.interface ?? status.model.interface;
  const parts = [
    addressWithPrefix(virtual),
    ...(virtual.broadcast === undefined ? [] : [`brd ${virtual.broadcast}`]),
    ...(link === undefined ? [] : [`dev ${link}`]),
    `scope ${virtual.scope}`,
    ...(virtual.label === undefined ? [] : [`label ${virtual.label}`]),
    ...(virtual.track ? [] : ["no_track"]),
    ...(isSet ? ["set"] : []),
  ];
  return parts.join(" ");
}

/** A host's full prefix length goes without saying. */
function addressWithPrefix({ address, prefixLength, peer }: VirtualAddress): string {
  const isHost = prefixLength === prefixLengthMax[familyOf(address)];
  if (peer !== undefined) return `${address} peer ${peer}/${prefixLength}`;
  return isHost ? address : `${address}/${prefixLength}`;
}

/** `1795352886.833009 (Sun Nov 22 13:08:06.833009 2026)`, in local time. */
export function timeText(microseconds: number): string {
  const fraction = fractionOf(microseconds);
  const text = ctime(Math.floor(microseconds / 1_000));
  return `${secondsText(microseconds)} (${text.slice(0, 19)}.${fraction} ${text.slice(20)})`;
}

/** `1795352886.833009`. */
export const secondsText = (microseconds: number): string =>
  `${Math.floor(microseconds / 1_000_000)}.${fractionOf(microseconds)}`;

const fractionOf = (microseconds: number): string =>
  String(Math.floor(microseconds) % 1_000_000).padStart(6, "0");

/** When the instance last changed state, µs since 1970; 0 when it never did. */
export const lastTransitionAt = (status: InstanceStatus, { at }: DumpMoment): number =>
  status.lastTransition === undefined ? 0 : Math.floor(at * 1_000) - status.lastTransition.ago;

/** Every word in quotes, as keepalived shows what it will execute. */
export const scriptText = ({ command }: ScriptModel): string =>
  command
    .split(/\s+/)
    .filter((word) => word !== "")
    .map((word) => `'${word}'`)
    .join(" ");

/** The master's address, unless that is ourselves. */
export const otherMaster = (
  status: InstanceStatus,
):
  | { readonly address: IpAddress; readonly priority: number; readonly interval: number }
  | undefined =>
  status.state === "MASTER" || status.master?.heardAgo === undefined ? undefined : status.master;
