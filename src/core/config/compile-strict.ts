// What `vrrp_strict` and `strict_mode` make of an instance (keepalived.md 2.8 d), and what the keywords
// of virtual MACs do to each other. Settings that the RFC does not have are reset, each with a word.

import type { DiagnosticCode } from "./diagnostics.ts";
import type { InstanceContext } from "./instance-context.ts";
import type { InstanceModel } from "./model.ts";

/** The part of an instance that strict mode may change. */
type Strict = Pick<
  InstanceModel,
  | "version"
  | "priority"
  | "addresses"
  | "downTimerAdverts"
  | "lowerPriorityNoAdvert"
  | "higherPrioritySendAdvert"
  | "ownerIgnoreAdverts"
  | "garp"
>;

/** Whether the RFC alone counts for an instance. */
export const isStrict = ({ settings, defaults }: InstanceContext): boolean =>
  settings.value("strict_mode") ?? defaults.strict;

/** What strict mode changes; nothing without it. */
export function strictChanges(context: InstanceContext, model: Strict): Partial<Strict> {
  if (!isStrict(context)) return {};
  const { settings, name } = context;
  const say = (keyword: Parameters<typeof reset>[1], message: string, classic: string) =>
    reset(context, keyword, message, `(${name}) ${classic}`);
  const [first] = model.addresses;
  if (first?.address.includes(":") === true && !/^fe[89ab]/i.test(first.address))
    say(
      "virtual_ipaddress",
      "the first IPv6 address must be link-local",
      "the first IPv6 VIP address must be link local",
    );
  if (model.downTimerAdverts !== 3)
    say(
      "down_timer_adverts",
      "strict mode has 3 here",
      "down_timer_adverts is incompatible with strict mode - resetting",
    );
  const { version, priority } = model;
  if (settings.last("accept") !== undefined && version === 2 && priority !== 255)
    say(
      "accept",
      "VRRPv2 has no accept mode",
      "warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting",
    );
  if ((settings.value("garp_lower_prio_repeat") ?? 0) > 0)
    say(
      "garp_lower_prio_repeat",
      "strict mode has none",
      "Strict mode requires no repeat garps. resetting",
    );
  if ((settings.value("garp_lower_prio_delay") ?? 0) > 0)
    say(
      "garp_lower_prio_delay",
      "strict mode has none",
      "Strict mode requires no repeat garp delay. resetting",
    );
  if (settings.value("lower_prio_no_advert") === false)
    say(
      "lower_prio_no_advert",
      "strict mode has it on",
      "Strict mode requires no lower priority advert. resetting",
    );
  if (model.higherPrioritySendAdvert)
    say(
      "higher_prio_send_advert",
      "strict mode has it off",
      "strict mode requires higher_prio_send_advert to be clear. resetting",
    );
  if (settings.last("vmac_xmit_base") !== undefined && settings.last("use_vmac") !== undefined)
    say(
      "vmac_xmit_base",
      "strict mode has it off",
      "xmit_base is incompatible with strict mode - resetting",
    );
  return {
    downTimerAdverts: 3,
    lowerPriorityNoAdvert: true,
    higherPrioritySendAdvert: false,
    ownerIgnoreAdverts: settings.value("owner_ignore_adverts") ?? true,
    garp: { ...model.garp, lowerPriorityRepeat: 0 },
  };
}

function reset(
  { settings, span, sink }: InstanceContext,
  keyword:
    | "virtual_ipaddress"
    | "down_timer_adverts"
    | "accept"
    | "garp_lower_prio_repeat"
    | "garp_lower_prio_delay"
    | "lower_prio_no_advert"
    | "higher_prio_send_advert"
    | "vmac_xmit_base",
  message: string,
  classic: string,
): void {
  const place = settings.attempt(keyword)?.keyword.span ?? span;
  sink.report("instance/strict", place, { message, classic, unplaced: true });
}

/** Names of virtual MAC interfaces in use, with the instances that use them. */
export type VmacNames = Map<string, string>;

const interfaceNameMax = 15;

/** What the keywords of virtual MACs do to each other. */
export function checkVmac(context: InstanceContext, unicast: boolean, names: VmacNames): void {
  const { settings, sink, name } = context;
  const vmac = settings.last("use_vmac");
  const [named] = vmac?.statement.words ?? [];
  const report = (
    code: DiagnosticCode,
    span: InstanceContext["span"],
    message: string,
    classic: string,
    placed = false,
  ) =>
    sink.report(code, span, {
      message,
      note: "it is ignored",
      classic,
      ...(placed ? {} : { unplaced: true }),
    });
  if (named !== undefined && !/^([0-9a-fA-F]{2}:){4,5}[0-9a-fA-F]{2}$/.test(named.text)) {
    const user = names.get(named.text);
    if (named.text.length > interfaceNameMax)
      report(
        "instance/vmac",
        named.span,
        `the name of an interface has at most ${interfaceNameMax} characters`,
        `VMAC interface name '${named.text}' too long or invalid characters - ignoring`,
        true,
      );
    else if (user !== undefined)
      report(
        "instance/vmac",
        named.span,
        `${user} has an interface \`${named.text}\` already`,
        `(${name}) VRRP instance ${user} is already using ${named.text} - ignoring name`,
        true,
      );
    else names.set(named.text, name);
  }
  const promote = settings.last("promote_secondaries");
  if (vmac !== undefined && promote !== undefined)
    report(
      "instance/vmac",
      promote.statement.keyword.span,
      "virtual MACs promote secondary addresses anyway",
      `(${name}) promote_secondaries is automatically set for vmacs - ignoring`,
    );
  const base = settings.last("vmac_xmit_base");
  if (base !== undefined && vmac === undefined && settings.last("use_ipvlan") === undefined)
    report(
      "instance/vmac",
      base.statement.keyword.span,
      "`vmac_xmit_base` needs `use_vmac`",
      `(${name}) vmac_xmit_base is only valid with a vmac`,
    );
  if (vmac !== undefined && unicast && base === undefined)
    sink.report("instance/vmac", vmac.statement.keyword.span, {
      message: "unicast with a virtual MAC sends from the base interface",
      note: "as if `vmac_xmit_base` were there",
      ...(context.close === undefined ? {} : { classicAt: context.close }),
      classic: `(${name}) unicast with use_vmac requires vmac_xmit_base - setting`,
    });
}
