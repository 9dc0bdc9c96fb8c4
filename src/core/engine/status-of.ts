// The answer to `status`: what the engine knows at an instant, as plain data. Passwords are masked
// here, so that no reader can leak one.

import { between, type Instant, type Microseconds } from "../base/time.ts";
import type { InstanceModel } from "../config/model.ts";
import { kernelAddress } from "./addresses.ts";
import type { Instance } from "./instance.ts";
import type { NodeState } from "./state.ts";
import type { InstanceStatus, NodeStatus } from "./status.ts";
import { whyText } from "./why.ts";

export const maskedPassword = "********";

export function statusOf(state: NodeState, now: Instant): NodeStatus {
  return {
    instances: state.instances.map((instance) => instanceStatus(state, instance, now)),
    links: state.links.all().map(({ name, index, up }) => ({ name, index, up })),
    unknownVrids: [...state.unknownVrids].flatMap(([name, counts]) =>
      [...counts].flatMap((packets, vrid) =>
        packets === 0 ? [] : [{ interface: name, vrid, packets }],
      ),
    ),
    unattributed: [...state.unattributed].flatMap(([name, kinds]) =>
      [...kinds].map(([kind, packets]) => ({ interface: name, kind, packets })),
    ),
  };
}

function instanceStatus(state: NodeState, instance: Instance, now: Instant): InstanceStatus {
  const { router, source, lastTransition: last } = instance;
  const master = masterOf(instance, now);
  return {
    name: instance.name,
    state: instance.shown,
    model: masked(instance.model),
    why: whyText(instance, now, state.holdUntil),
    faults: router.faults,
    effectivePriority: router.effectivePriority,
    ...(source === undefined ? {} : { source }),
    ...(master === undefined ? {} : { master }),
    timers: timersOf(instance, now),
    masterDownInterval: router.masterDownInterval,
    skew: router.skew,
    addresses: instance.vips.map((vip) => ({
      address: kernelAddress(vip.virtual, state.links.byName(vip.interface)?.index ?? 0),
      excluded: vip.excluded,
      installed: vip.held === "ours" || vip.held === "foreign",
    })),
    counters: instance.counters.all(),
    ...(last === undefined
      ? {}
      : {
          lastTransition: {
            from: last.from,
            to: last.to,
            reason: last.reason,
            ago: between(last.at, now),
          },
        }),
  };
}

function masterOf(instance: Instance, now: Instant): InstanceStatus["master"] {
  const { router, source, model } = instance;
  if (router.state === "master") {
    if (source === undefined) return undefined;
    return {
      address: source,
      priority: router.effectivePriority,
      interval: model.advertInterval,
    };
  }
  if (router.master === undefined) return undefined;
  const { from, priority, interval, heardAt } = router.master;
  return { address: from, priority, interval, heardAgo: between(heardAt, now) };
}

function timersOf({ router }: Instance, now: Instant): Readonly<Record<string, Microseconds>> {
  const left: Record<string, Microseconds> = {};
  for (const [name, at] of Object.entries(router.timers())) {
    if (at !== undefined) left[name] = between(now, at);
  }
  return left;
}

function masked(model: InstanceModel): InstanceModel {
  if (model.authentication.kind !== "pass") return model;
  return { ...model, authentication: { kind: "pass", password: maskedPassword } };
}
