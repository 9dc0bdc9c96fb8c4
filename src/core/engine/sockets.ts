// The raw sockets of all instances. Instances with the same needs share one; a socket opens with
// its first user and closes with its last. One that the system refused is tried again after a
// while, and counts as working once a further while has passed without a new refusal.

import { present } from "../base/assert.ts";
import { after, type Instant, milliseconds, seconds } from "../base/time.ts";
import type { SocketId, SocketSpec } from "../ports/raw-net.ts";
import type { EngineEffect } from "./effect.ts";

/** Who uses a socket: an instance, as far as sockets are concerned. */
export type SocketUser = { readonly model: { readonly vrid: number } };

export type SocketEntry<User extends SocketUser> = {
  readonly id: SocketId;
  readonly key: string;
  readonly spec: SocketSpec;
  /** For counters and events: the link's name, or the source of a socket without a link. */
  readonly interface: string;
  /** Instances by VRID; several only in unicast. */
  readonly byVrid: Map<number, User[]>;
  users: number;
  /** `trying`: reopened after a refusal, and not refused again so far. */
  state: "open" | "refused" | "trying";
  /** When `refused` is tried again, or `trying` is believed. */
  checkAt: Instant | undefined;
  /** A refusal to send is reported once until the link changes. */
  sendRefusalReported: boolean;
};

const retryAfter = seconds(5);
/** Drivers report a refused open at once; a new refusal later than this is a new one. */
const believedAfter = milliseconds(100);

export class SocketTable<User extends SocketUser> {
  private readonly byKey = new Map<string, SocketEntry<User>>();
  private readonly byId = new Map<SocketId, SocketEntry<User>>();
  private readonly unsettled = new Set<SocketEntry<User>>();
  private lastId = 0;

  find(id: SocketId): SocketEntry<User> | undefined {
    return this.byId.get(id);
  }

  all(): Iterable<SocketEntry<User>> {
    return this.byId.values();
  }

  /** Makes `user` a user of the socket that `spec` describes, and opens it when it is the first. */
  acquire(user: User, spec: SocketSpec, effects: EngineEffect[]): SocketEntry<User> {
    const key = socketKey(spec);
    let entry = this.byKey.get(key);
    if (entry === undefined) {
      entry = newEntry(++this.lastId, key, spec);
      this.byKey.set(key, entry);
      this.byId.set(entry.id, entry);
      effects.push({ kind: "open-socket", socket: entry.id, spec });
    }
    entry.users++;
    const vrid = user.model.vrid;
    const sharers = entry.byVrid.get(vrid);
    if (sharers === undefined) entry.byVrid.set(vrid, [user]);
    else sharers.push(user);
    return entry;
  }

  release(user: User, entry: SocketEntry<User>, effects: EngineEffect[]): void {
    for (const [vrid, sharers] of entry.byVrid) {
      const left = sharers.filter((sharer) => sharer !== user);
      if (left.length === 0) entry.byVrid.delete(vrid);
      else entry.byVrid.set(vrid, left);
    }
    entry.users--;
    if (entry.users > 0) return;
    this.byKey.delete(entry.key);
    this.byId.delete(entry.id);
    this.unsettled.delete(entry);
    effects.push({ kind: "close-socket", socket: entry.id });
  }

  /** The system did not open the socket. */
  refused(entry: SocketEntry<User>, now: Instant): void {
    entry.state = "refused";
    entry.checkAt = after(now, retryAfter);
    this.unsettled.add(entry);
  }

  /** Tries refused sockets of a link at once, because the link came back. */
  linkIsUp(index: number, now: Instant, effects: EngineEffect[]): void {
    for (const entry of this.byId.values()) {
      if (entry.spec.link !== index) continue;
      entry.sendRefusalReported = false;
      if (entry.state === "refused") reopen(entry, now, effects);
    }
  }

  nextTimeout(): Instant | undefined {
    let soonest: Instant | undefined;
    for (const { checkAt } of this.unsettled) {
      const at = present(checkAt, "time to check a socket that is not settled");
      if (soonest === undefined || at < soonest) soonest = at;
    }
    return soonest;
  }

  /** Tries again what is due; returns the sockets that have proved to work again. */
  handleTimeout(now: Instant, effects: EngineEffect[]): readonly SocketEntry<User>[] {
    if (this.unsettled.size === 0) return [];
    const recovered: SocketEntry<User>[] = [];
    for (const entry of [...this.unsettled]) {
      if (entry.checkAt === undefined || entry.checkAt > now) continue;
      if (entry.state === "refused") {
        reopen(entry, now, effects);
      } else {
        entry.state = "open";
        entry.checkAt = undefined;
        this.unsettled.delete(entry);
        recovered.push(entry);
      }
    }
    return recovered;
  }
}

/** How a socket is named to people. */
export function socketText(spec: SocketSpec): string {
  const on = spec.linkName === undefined ? "" : ` on ${spec.linkName}`;
  return spec.kind === "multicast" ? `multicast ${spec.group}${on}` : `unicast ${spec.source}${on}`;
}

function reopen(entry: SocketEntry<SocketUser>, now: Instant, effects: EngineEffect[]): void {
  entry.state = "trying";
  entry.checkAt = after(now, believedAfter);
  effects.push({ kind: "open-socket", socket: entry.id, spec: entry.spec });
}

const newEntry = <User extends SocketUser>(
  id: SocketId,
  key: string,
  spec: SocketSpec,
): SocketEntry<User> => ({
  id,
  key,
  spec,
  interface: spec.linkName ?? (spec.kind === "unicast" ? spec.source : ""),
  byVrid: new Map(),
  users: 0,
  state: "open",
  checkAt: undefined,
  sendRefusalReported: false,
});

/** Equal for specs that one socket serves: the link's name is for messages only. */
export const socketKey = (spec: SocketSpec): string =>
  `${spec.kind} ${spec.family} ${spec.protocol} ${spec.link ?? "-"} ${
    spec.kind === "multicast" ? spec.group : spec.source
  }`;
