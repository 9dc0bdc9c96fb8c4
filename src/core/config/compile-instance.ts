// One `vrrp_instance` to its model: every default filled in and every adjustment made that keepalived
// makes, each with a diagnostic. The order follows keepalived.md sections 1.9 and 2.8.

import type { Family } from "../base/ip.ts";
import { familyOf } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import { durationText, microseconds, seconds } from "../base/time.ts";
import { readAuthentication } from "./compile-authentication.ts";
import { readTrackedInterfaces, readVirtualAddresses } from "./compile-lines.ts";
import { checkVmac, isStrict, strictChanges } from "./compile-strict.ts";
import { readTransport } from "./compile-transport.ts";
import { valueFix } from "./fix.ts";
import type { InstanceContext, InstanceSettings } from "./instance-context.ts";
import { reportMissing, valueSpan } from "./instance-context.ts";
import type { GarpModel, InstanceModel, NotifyModel, NotRunInstance } from "./model.ts";
import type { ScriptModel } from "./model-script.ts";
import { nearestWord } from "./nearest.ts";
import type { Statement } from "./parser.ts";
import { readRoute, readRule } from "./routing-lines.ts";
import { vrrpInstanceDirectives, vrrpInstanceKeywords } from "./schema/vrrp-instance.ts";
import { Settings } from "./settings.ts";
import type { Span } from "./source.ts";
import { hasEntries, readTracked } from "./tracked-lines.ts";

/** What becomes of an instance: part of the model, or the whole file is refused. */
export type CompiledInstance =
  | { readonly kind: "model"; readonly model: InstanceModel; readonly span: Span }
  | { readonly kind: "not-run"; readonly model: NotRunInstance; readonly span: Span }
  | { readonly kind: "refused" };

/** Compiles one `vrrp_instance`, whose name is known to be new. */
export function compileInstance(
  statement: Statement,
  name: string,
  span: Span,
  surroundings: Pick<
    InstanceContext,
    "defaults" | "sink" | "interfaces" | "tracking" | "at" | "routing" | "vmacNames"
  >,
): CompiledInstance {
  const body = statement.body ?? [];
  const settings = new Settings(vrrpInstanceKeywords, body, surroundings.sink, name);
  const directives = new Settings(vrrpInstanceDirectives, body, surroundings.sink);
  const close = statement.close === undefined ? {} : { close: statement.close };
  const context: InstanceContext = { ...surroundings, ...close, name, span, settings };
  const family = familyOfInstance(settings);
  const addresses = readVirtualAddresses(context, family);
  const version = versionOf(context, family);
  const transport = readTransport(context, family);
  const vrid = readVrid(context);
  const interfaceKnown = checkInterface(context, transport.transport.kind === "unicast");
  const addressed = checkAddresses(context, version, addresses.advertised.length);
  const authentication = readAuthentication(context, version);
  const election = readElection(context);
  const advertInterval = readAdvertInterval(context, version);
  const trackInterfaces = readTrackedInterfaces(context);
  const lines = (keyword: "virtual_routes" | "virtual_rules") =>
    settings.all(keyword).flatMap(({ statement: { body = [] } }) => body);
  const routes = lines("virtual_routes").flatMap((line) => readRoute(line, context.routing) ?? []);
  const rules = lines("virtual_rules").flatMap((line) => readRule(line, context.routing) ?? []);
  const tracked = readTracked(
    (keyword) => settings.all(keyword).flatMap(({ statement: { body = [] } }) => body),
    context,
  );
  const garp = readGarp(context);
  const notify = readNotify(context);
  if (vrid === undefined || !interfaceKnown || !addressed || addresses.refused)
    return { kind: "refused" };
  checkVmac(context, transport.transport.kind === "unicast", surroundings.vmacNames);
  if (family === "ipv6") reportIpv6(context);
  const { defaults } = surroundings;
  const interfaceName = settings.value("interface");
  const plain: Omit<InstanceModel, "authentication"> = {
    name,
    profile: directives.value("profile") === "rfc9568" ? "rfc9568" : "compat",
    family,
    version,
    vrid,
    ...election,
    ...(interfaceName === undefined ? {} : { interface: interfaceName }),
    trackPrimary: settings.value("dont_track_primary") !== true,
    trackInterfaces,
    ...(routes.length === 0 ? {} : { routes }),
    ...(rules.length === 0 ? {} : { rules }),
    ...(hasEntries(tracked) ? { tracked } : {}),
    advertInterval,
    downTimerAdverts: settings.value("down_timer_adverts") ?? defaults.downTimerAdverts,
    ...transport,
    addresses: addresses.advertised,
    excludedAddresses: addresses.excluded,
    garp,
    lowerPriorityNoAdvert: settings.value("lower_prio_no_advert") ?? defaults.lowerPriorityNoAdvert,
    higherPrioritySendAdvert:
      settings.value("higher_prio_send_advert") ?? defaults.higherPrioritySendAdvert,
    ownerIgnoreAdverts: settings.value("owner_ignore_adverts") ?? defaults.ownerIgnoreAdverts,
    skipAddressCheck: settings.value("skip_check_adv_addr") ?? defaults.skipAddressCheck,
    checksumWithoutPseudoHeader:
      settings.value("v3_checksum_as_v2") ?? defaults.checksumWithoutPseudoHeader,
    notify,
  };
  const model = { ...plain, ...strictChanges(context, plain) };
  if (authentication.kind === "ah")
    return { kind: "not-run", model: { ...model, authentication, reason: "auth-ah" }, span };
  if (family === "ipv6")
    return { kind: "not-run", model: { ...model, authentication, reason: "ipv6" }, span };
  return { kind: "model", model: { ...model, authentication }, span };
}

/** The first virtual address decides, then the source address, then the first peer. */
function familyOfInstance(settings: InstanceSettings): Family {
  const lines = [...settings.all("virtual_ipaddress"), ...settings.all("unicast_peer")];
  const source = settings.value("unicast_src_ip") ?? settings.value("mcast_src_ip");
  for (const { statement } of lines) {
    for (const line of statement.body ?? []) {
      if (/^[0-9]+\.[0-9.]+(\/|$)/.test(line.keyword.text)) return "ipv4";
      if (/^[0-9a-fA-F:]+:[0-9a-fA-F:.]*(\/|$)/.test(line.keyword.text)) return "ipv6";
    }
    if (source !== undefined) break;
  }
  return source === undefined ? "ipv4" : familyOf(source);
}

function reportIpv6({ span, name, sink }: InstanceContext): void {
  sink.report("config/family-not-implemented", span, {
    message: `${name} is an IPv6 virtual router, which is not implemented yet`,
    note: "the instance is left out; IPv6 addresses in virtual_ipaddress_excluded are held",
  });
}

function versionOf({ settings, defaults, sink, name }: InstanceContext, family: Family): 2 | 3 {
  const own = settings.last("version");
  if (family === "ipv6") {
    if (own !== undefined && own.value === 2) {
      sink.report("config/value-choice", valueSpan(own), {
        message: "IPv6 needs version 3",
        ...valueFix(own.statement, 3, true),
        classic: `(${name}) vrrp_version 2 conflicts with configured or deduced version 3; ignoring.`,
      });
    }
    return 3;
  }
  return (own?.value ?? defaults.version) === 3 ? 3 : 2;
}

function readVrid(context: InstanceContext): number | undefined {
  const { settings, name } = context;
  const vrid = settings.value("virtual_router_id");
  if (vrid === undefined) {
    reportMissing(context, "virtual_router_id", "instance/no-vrid", {
      message: `${name} has no virtual_router_id`,
      note: "it is a number from 1 to 255, the same on all routers of the group",
      classic: `(${name}) the virtual router id must be set`,
    });
  }
  return vrid;
}

/** False when the whole configuration is to be refused. */
function checkInterface(context: InstanceContext, unicast: boolean): boolean {
  const { settings, name, sink, interfaces } = context;
  const own = settings.last("interface");
  if (own === undefined) {
    if (unicast && settings.last("unicast_src_ip") !== undefined) return true;
    reportMissing(context, "interface", "instance/no-interface", {
      message: `${name} has no interface`,
      classic: `(${name}) Unknown interface!`,
    });
    return false;
  }
  if (interfaces === undefined || interfaces.has(own.value)) return true;
  const nearest = nearestWord(own.value, interfaces);
  sink.report("instance/unknown-interface", valueSpan(own), {
    ...(nearest === undefined ? {} : valueFix(own.statement, nearest, false)),
    message: `this machine has no interface \`${own.value}\``,
    note: "dynamic_interfaces in global_defs makes it a fault that ends when the interface appears",
    classic: `WARNING - interface ${own.value} for vrrp_instance ${name} doesn't exist`,
  });
  return false;
}

/** False when the whole configuration is to be refused. */
function checkAddresses(context: InstanceContext, version: 2 | 3, count: number): boolean {
  const { settings, name, defaults } = context;
  if (count > 0 || settings.value("no_virtual_ipaddress") === true) return true;
  const required = version === 3 || defaults.strict;
  const lines = settings.all("virtual_ipaddress").flatMap(({ statement }) => statement.body ?? []);
  // Lines that were all refused have been reported already.
  if (lines.length > 0) return !required;
  const code = required ? "instance/no-address" : "instance/no-address-v2";
  const text = {
    message: `${name} has no virtual address`,
    ...(required ? {} : { note: "no_virtual_ipaddress says that this is meant" }),
    classic: `(${name}) No VIP specified; at least one is ${required ? "required" : "sensible"}`,
  };
  const misspelt = settings.attempt("virtual_ipaddress")?.meant !== undefined;
  if (misspelt && required) reportMissing(context, "virtual_ipaddress", code, text);
  else if (!misspelt) context.sink.report(code, context.span, text);
  return !required;
}

type Election = Pick<InstanceModel, "priority" | "initialMaster" | "preempt" | "preemptDelay">;

function readElection(context: InstanceContext): Election {
  const { settings, sink, name } = context;
  const state = settings.last("state");
  const given = settings.value("priority");
  const wantsMaster = state?.value === "MASTER";
  const priority = given ?? (wantsMaster && settings.attempt("priority") === undefined ? 255 : 100);
  const strict = isStrict(context);
  if (strict && state !== undefined && wantsMaster !== (priority === 255)) {
    sink.report("instance/strict", state.statement.keyword.span, {
      message: "in strict mode, the owner of the addresses is the master, and nobody else",
      note: `the state follows the priority, which is ${priority}`,
      classic: `(${name}) State MASTER must match being address owner`,
      unplaced: true,
    });
  }
  const initialMaster = strict
    ? priority === 255
    : wantsMaster || (state === undefined && priority === 255);
  const nopreempt = settings.last("nopreempt");
  const delay = settings.last("preempt_delay");
  const cannotWait = initialMaster ? "initial state MASTER" : "priority 255";
  const always = initialMaster || priority === 255;
  let preempt = nopreempt === undefined;
  if (nopreempt !== undefined && always) {
    preempt = true;
    sink.report("instance/preempt-conflict", nopreempt.statement.keyword.span, {
      message: `\`nopreempt\` does not work with ${cannotWait}`,
      note: "it is ignored; use `state BACKUP` on both routers for nopreempt",
      classic:
        priority === 255
          ? `(${name}) nopreempt is incompatible with priority 255. resetting nopreempt`
          : `(${name}) Warning - nopreempt will not work with initial state MASTER - clearing`,
    });
  }
  let preemptDelay = delay?.value ?? microseconds(0);
  if (delay !== undefined && preemptDelay > 0 && strict && !always) {
    preemptDelay = microseconds(0);
    sink.report("instance/strict", delay.statement.keyword.span, {
      message: "strict mode has no preempt_delay",
      classic: `(${name}) preempt_delay is incompatible with strict mode - resetting`,
      unplaced: true,
    });
  } else if (delay !== undefined && preemptDelay > 0 && (always || !preempt)) {
    preemptDelay = microseconds(0);
    sink.report("instance/preempt-conflict", delay.statement.keyword.span, {
      message: `\`preempt_delay\` does not work with ${always ? cannotWait : "nopreempt"}`,
      note: "it is ignored",
      classic: always
        ? `(${name}) Warning - preempt delay will not work with initial state MASTER - clearing`
        : `(${name}) preempt_delay is incompatible with nopreempt mode - resetting`,
    });
  }
  return { priority, initialMaster, preempt, preemptDelay };
}

const v3IntervalMax = seconds(40.95);

function readAdvertInterval(
  { settings, sink, name }: InstanceContext,
  version: 2 | 3,
): Microseconds {
  const own = settings.last("advert_int");
  if (own === undefined) return seconds(1);
  const step = version === 2 ? 1_000_000 : 10_000;
  const rounded = Math.max(step, Math.round(own.value / step) * step);
  const interval = microseconds(version === 3 ? Math.min(rounded, v3IntervalMax) : rounded);
  if (interval === own.value) return interval;
  const given = (own.value / 1_000_000).toFixed(6);
  const used = durationText(interval).slice(0, -1);
  const tooLong = rounded > v3IntervalMax && version === 3;
  sink.report("config/value-rounded", valueSpan(own), {
    message:
      version === 2
        ? "VRRPv2 carries advert_int in whole seconds"
        : `VRRPv3 carries advert_int in steps of 10 ms${tooLong ? ", at most 40.95 s" : ""}`,
    note: `${used} s is used`,
    ...valueFix(own.statement, used, true),
    classic:
      version === 2
        ? `(${name}) VRRPv2 advertisement interval ${given}s must be an integer. rounding`
        : tooLong
          ? `(${name}) VRRPv3 advertisement interval ${(own.value / 1e6).toFixed(2)}s is out of range. Must be less than 40.96s. Setting to 40.95s`
          : `(${name}) VRRPv3 advertisement interval ${given}s must be in units of 10ms - rounding`,
  });
  return interval;
}

function readGarp({ settings, defaults }: InstanceContext): GarpModel {
  const masterDelay = settings.value("garp_master_delay") ?? defaults.garp.masterDelay;
  const masterRepeat = settings.value("garp_master_repeat") ?? defaults.garp.masterRepeat;
  return {
    masterDelay,
    masterRepeat,
    refresh: settings.value("garp_master_refresh") ?? defaults.garp.refresh,
    refreshRepeat: settings.value("garp_master_refresh_repeat") ?? defaults.garp.refreshRepeat,
    lowerPriorityDelay:
      settings.value("garp_lower_prio_delay") ?? defaults.garpLowerDelay ?? masterDelay,
    lowerPriorityRepeat:
      settings.value("garp_lower_prio_repeat") ?? defaults.garpLowerRepeat ?? masterRepeat,
  };
}

const notifyKeywords = {
  master: "notify_master",
  backup: "notify_backup",
  fault: "notify_fault",
  stop: "notify_stop",
  deleted: "notify_deleted",
  any: "notify",
  masterHeardLower: "notify_master_rx_lower_pri",
} as const satisfies Record<keyof NotifyModel, keyof typeof vrrpInstanceKeywords>;

/** Of scripts, the first counts. */
function readNotify({ settings, sink, name }: InstanceContext): NotifyModel {
  const notify: { -readonly [Key in keyof NotifyModel]: ScriptModel } = {};
  for (const key of Object.keys(notifyKeywords) as (keyof NotifyModel)[]) {
    const keyword = notifyKeywords[key];
    const [first, ...others] = settings.all(keyword);
    if (first !== undefined) notify[key] = first.value;
    for (const { statement, value } of others) {
      sink.report("config/repeated", statement.keyword.span, {
        message: `\`${keyword}\` was given before; this one is ignored`,
        classic: `(${name}) ${keyword} script already specified - ignoring ${value.command}`,
      });
    }
  }
  return notify;
}
