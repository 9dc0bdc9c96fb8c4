// `global_defs` to the model of the node, and to the defaults that instances start from. Several
// such blocks add up; of a keyword given twice the last one counts.

import type { IpAddress } from "../base/ip.ts";
import { ip } from "../base/ip.ts";
import type { Microseconds } from "../base/time.ts";
import { microseconds, seconds } from "../base/time.ts";
import type { Machine } from "../ports/machine.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import { checkGlobalWords } from "./global-words.ts";
import type { GarpModel, GlobalModel } from "./model.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import { globalDirectives, globalKeywords } from "./schema/global-defs.ts";
import { Settings } from "./settings.ts";

/** What an instance takes when it does not say otherwise. */
export type InstanceDefaults = {
  readonly version: 2 | 3;
  readonly group4: IpAddress;
  readonly downTimerAdverts: number;
  readonly lowerPriorityNoAdvert: boolean;
  readonly higherPrioritySendAdvert: boolean;
  readonly ownerIgnoreAdverts: boolean;
  readonly skipAddressCheck: boolean;
  readonly checkUnicastSource: boolean;
  readonly checksumWithoutPseudoHeader: boolean;
  readonly strict: boolean;
  readonly dynamicInterfaces: boolean;
  readonly garp: Omit<GarpModel, "lowerPriorityDelay" | "lowerPriorityRepeat">;
  /** Absent: as the instance's own values after becoming master. */
  readonly garpLowerDelay?: Microseconds;
  readonly garpLowerRepeat?: number;
};

export type CompiledGlobal = {
  readonly global: GlobalModel;
  readonly defaults: InstanceDefaults;
  readonly settings: GlobalSettings;
};

/** `statements`: the contents of every `global_defs`. */
export function compileGlobal(
  statements: readonly Statement[],
  sink: DiagnosticSink,
  machine?: Machine,
): CompiledGlobal {
  const settings = new Settings(globalKeywords, statements, sink);
  const directives = new Settings(globalDirectives, statements, sink);
  reportRealtimeOff(settings, sink);
  checkGlobalWords(statements, machine, sink);
  return {
    global: globalModel(settings, directives),
    defaults: instanceDefaults(settings),
    settings,
  };
}

export type GlobalSettings = Settings<typeof globalKeywords>;

/** keepalived has no such thing as 0, and says so. */
function reportRealtimeOff(settings: GlobalSettings, sink: DiagnosticSink): void {
  const own = settings.last("vrrp_rt_priority");
  if (own?.value !== 0) return;
  sink.report("config/value-clamped", statementSpan(own.statement), {
    message: "vrrp_rt_priority 0 turns real-time scheduling off here, and is 1 in keepalived",
    fix: "#understudy vrrp_rt_priority 0",
    classic: "vrrp process real-time priority 0 less than minimum 1 - setting to minimum",
  });
}

function globalModel(
  settings: GlobalSettings,
  directives: Settings<typeof globalDirectives>,
): GlobalModel {
  const routerId = settings.value("router_id");
  const realtimePriority =
    directives.value("vrrp_rt_priority") ?? settings.value("vrrp_rt_priority");
  const limit = settings.value("vrrp_rlimit_rttime") ?? settings.value("vrrp_rlimit_rtime");
  return {
    startupDelay: settings.value("vrrp_startup_delay") ?? microseconds(0),
    garpInterval: settings.value("vrrp_garp_interval") ?? microseconds(0),
    logUnknownVrids: settings.value("log_unknown_vrids") ?? false,
    dynamicInterfaces: settings.last("dynamic_interfaces") !== undefined,
    ...(routerId === undefined ? {} : { routerId }),
    ...(realtimePriority === undefined ? {} : { realtimePriority }),
    // keepalived makes 2 of 1, since the soft limit is half of it.
    ...(limit === undefined ? {} : { realtimeLimit: microseconds(Math.max(2, limit)) }),
  };
}

function instanceDefaults(settings: GlobalSettings): InstanceDefaults {
  // vrrp_min_garp changes only what nothing else was said about.
  const minimal = settings.value("vrrp_min_garp") ?? false;
  const garpLowerDelay = settings.value("vrrp_garp_lower_prio_delay");
  const garpLowerRepeat = settings.value("vrrp_garp_lower_prio_repeat");
  return {
    version: settings.value("vrrp_version") === 3 ? 3 : 2,
    group4: settings.value("vrrp_mcast_group4") ?? ip("224.0.0.18"),
    downTimerAdverts: settings.value("vrrp_down_timer_adverts") ?? 3,
    lowerPriorityNoAdvert: settings.value("vrrp_lower_prio_no_advert") ?? false,
    higherPrioritySendAdvert: settings.value("vrrp_higher_prio_send_advert") ?? false,
    ownerIgnoreAdverts: settings.value("vrrp_owner_ignore_adverts") ?? false,
    skipAddressCheck: settings.value("vrrp_skip_check_adv_addr") ?? false,
    checkUnicastSource: settings.value("vrrp_check_unicast_src") ?? false,
    checksumWithoutPseudoHeader: settings.value("v3_checksum_as_v2") ?? false,
    strict: settings.value("vrrp_strict") ?? false,
    dynamicInterfaces: settings.last("dynamic_interfaces") !== undefined,
    garp: {
      masterDelay: settings.value("vrrp_garp_master_delay") ?? seconds(minimal ? 0 : 5),
      masterRepeat: settings.value("vrrp_garp_master_repeat") ?? (minimal ? 1 : 5),
      refresh: settings.value("vrrp_garp_master_refresh") ?? microseconds(0),
      refreshRepeat: settings.value("vrrp_garp_master_refresh_repeat") ?? (minimal ? 0 : 1),
    },
    ...(garpLowerDelay === undefined ? {} : { garpLowerDelay }),
    ...(garpLowerRepeat === undefined ? {} : { garpLowerRepeat }),
  };
}
