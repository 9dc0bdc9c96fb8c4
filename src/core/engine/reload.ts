// What a new configuration changes, as a list of steps: a pure function of the old and the new
// model. An instance is the same one when VRID, family, interface, kind of transport and, in
// unicast, the source agree; it keeps its state and its timers unless what remains cannot be
// changed in flight.

import { sameData } from "../base/same-data.ts";
import { durationText } from "../base/time.ts";
import type { InstanceModel, NodeModel, VirtualAddress } from "../config/model.ts";

export type ReloadStep =
  | { readonly kind: "kept"; readonly old: InstanceModel; readonly next: InstanceModel }
  | {
      readonly kind: "changed" | "restarted";
      readonly old: InstanceModel;
      readonly next: InstanceModel;
      /** One line for each difference, as an operator would write it. Never a secret. */
      readonly changes: readonly string[];
    }
  | { readonly kind: "added"; readonly next: InstanceModel }
  | { readonly kind: "removed"; readonly old: InstanceModel };

export type ReloadPlan = {
  /** In the order in which they are done: what goes, what stays, what is new. */
  readonly steps: readonly ReloadStep[];
};

/** Matches by identity and name first, then by identity, and at last by name (a restart). */
export function planReload(old: NodeModel, next: NodeModel): ReloadPlan {
  const unmatched = new Set(old.instances);
  const partners = new Map<InstanceModel, InstanceModel>();
  for (const keyOf of [exactKey, identityKey, nameKey]) {
    const candidates = new Map<string, InstanceModel[]>();
    for (const model of unmatched) {
      const key = keyOf(model);
      candidates.set(key, [...(candidates.get(key) ?? []), model]);
    }
    for (const model of next.instances) {
      if (partners.has(model)) continue;
      const found = candidates.get(keyOf(model))?.shift();
      if (found === undefined) continue;
      partners.set(model, found);
      unmatched.delete(found);
    }
  }
  const removed = [...unmatched].map((model): ReloadStep => ({ kind: "removed", old: model }));
  const others = next.instances.map((model) => stepOf(partners.get(model), model));
  return {
    steps: [...removed, ...stepOrder.flatMap((kind) => others.filter((s) => s.kind === kind))],
  };
}

const stepOrder: readonly ReloadStep["kind"][] = ["restarted", "changed", "kept", "added"];

function stepOf(old: InstanceModel | undefined, next: InstanceModel): ReloadStep {
  if (old === undefined) return { kind: "added", next };
  if (sameData(old, next)) return { kind: "kept", old, next };
  const changes = changesOf(old, next);
  return { kind: needsRestart(old, next) ? "restarted" : "changed", old, next, changes };
}

const needsRestart = (old: InstanceModel, next: InstanceModel): boolean =>
  identityKey(old) !== identityKey(next) ||
  old.version !== next.version ||
  !sameData(groupOf(old), groupOf(next));

const groupOf = ({ transport }: InstanceModel) =>
  transport.kind === "multicast" ? transport.group : undefined;

const nameKey = (model: InstanceModel): string => model.name;

const identityKey = (model: InstanceModel): string => {
  const { vrid, family, transport } = model;
  const source = transport.kind === "unicast" ? ` ${model.source ?? ""}` : "";
  return `${vrid} ${family} ${model.interface ?? ""} ${transport.kind}${source}`;
};

const exactKey = (model: InstanceModel): string => `${identityKey(model)} ${model.name}`;

function changesOf(old: InstanceModel, next: InstanceModel): readonly string[] {
  const changes: string[] = [];
  for (const { word, text } of comparedWords) {
    const [before, now] = [text(old), text(next)];
    if (before !== now) changes.push(`${word} ${before} -> ${now}`);
  }
  if (!sameData(old.authentication, next.authentication)) changes.push("authentication changed");
  changes.push(...addressChanges("virtual_ipaddress", old.addresses, next.addresses));
  changes.push(
    ...addressChanges("virtual_ipaddress_excluded", old.excludedAddresses, next.excludedAddresses),
  );
  for (const { word, part } of comparedBlocks) {
    if (!sameData(part(old), part(next))) changes.push(`${word} changed`);
  }
  if (changes.length === 0) changes.push("order of entries changed");
  return changes;
}

type Word = { readonly word: string; readonly text: (model: InstanceModel) => string };

const flag = (word: string, read: (model: InstanceModel) => boolean): Word => ({
  word,
  text: (model) => (read(model) ? "on" : "off"),
});

/** What an operator can change in an instance, with the word of the file for it. */
const comparedWords: readonly Word[] = [
  { word: "name", text: ({ name }) => name },
  { word: "version", text: ({ version }) => String(version) },
  { word: "virtual_router_id", text: ({ vrid }) => String(vrid) },
  { word: "interface", text: (model) => model.interface ?? "none" },
  { word: "profile", text: ({ profile }) => profile },
  { word: "priority", text: ({ priority }) => String(priority) },
  { word: "state", text: ({ initialMaster }) => (initialMaster ? "MASTER" : "BACKUP") },
  { word: "advert_int", text: ({ advertInterval }) => durationText(advertInterval) },
  flag("preempt", ({ preempt }) => preempt),
  { word: "preempt_delay", text: ({ preemptDelay }) => durationText(preemptDelay) },
  { word: "down_timer_adverts", text: ({ downTimerAdverts }) => String(downTimerAdverts) },
  { word: "transport", text: ({ transport }) => transport.kind },
  { word: "multicast group", text: (model) => groupOf(model) ?? "none" },
  { word: "source address", text: ({ source }) => source ?? "of the interface" },
  flag("track_primary", ({ trackPrimary }) => trackPrimary),
  flag("lower_prio_no_advert", (model) => model.lowerPriorityNoAdvert),
  flag("higher_prio_send_advert", (model) => model.higherPrioritySendAdvert),
  flag("owner_ignore_adverts", (model) => model.ownerIgnoreAdverts),
  flag("skip_check_adv_addr", (model) => model.skipAddressCheck),
  flag("check_unicast_src", (model) => model.checkUnicastSource),
  flag("v3_checksum_as_v2", (model) => model.checksumWithoutPseudoHeader),
];

const comparedBlocks: readonly {
  readonly word: string;
  readonly part: (model: InstanceModel) => unknown;
}[] = [
  { word: "track_interface", part: ({ trackInterfaces }) => trackInterfaces },
  {
    word: "unicast_peer",
    part: ({ transport }) => (transport.kind === "unicast" ? transport : undefined),
  },
  { word: "garp timing", part: ({ garp }) => garp },
  { word: "notify scripts", part: ({ notify }) => notify },
];

function addressChanges(
  word: string,
  old: readonly VirtualAddress[],
  next: readonly VirtualAddress[],
): readonly string[] {
  const before = new Map(old.map((address) => [virtualKey(address), address]));
  const now = new Map(next.map((address) => [virtualKey(address), address]));
  const gone = [...before].filter(([key]) => !now.has(key));
  const come = [...now].filter(([key]) => !before.has(key));
  return [
    ...gone.map(([, address]) => `${word} -${virtualText(address)}`),
    ...come.map(([, address]) => `${word} +${virtualText(address)}`),
  ];
}

/** Equal for addresses that are the same thing in the kernel. */
export const virtualKey = (address: VirtualAddress, fallbackInterface = ""): string =>
  [
    address.interface ?? fallbackInterface,
    `${address.address}/${address.prefixLength}`,
    address.broadcast ?? "",
    address.peer ?? "",
    address.label ?? "",
    address.scope,
    address.flags.join("+"),
    address.preferredLifetime ?? "",
  ].join(" ");

const virtualText = (address: VirtualAddress): string =>
  `${address.address}/${address.prefixLength}${
    address.interface === undefined ? "" : ` dev ${address.interface}`
  }`;
