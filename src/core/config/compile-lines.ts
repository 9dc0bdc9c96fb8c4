// The value blocks of an instance: virtual addresses with what packets can carry, and tracked
// interfaces. Families, duplicates and interfaces that do not exist are sorted out here.

import type { Family } from "../base/ip.ts";
import { familyOf } from "../base/ip.ts";
import { readAddressLine } from "./address-line.ts";
import type { InstanceContext } from "./instance-context.ts";
import type { Token } from "./lexer.ts";
import type { TrackedInterface, VirtualAddress } from "./model.ts";
import type { Statement } from "./parser.ts";
import { readWeight } from "./tracked-lines.ts";

export type VirtualAddresses = {
  readonly advertised: readonly VirtualAddress[];
  readonly excluded: readonly VirtualAddress[];
  /** An interface does not exist, so the whole configuration is refused. */
  readonly refused: boolean;
};

/** The count is one byte; 255 IPv4 addresses also fit an MTU of 1500. */
const advertisedMax = 255;

/** Both address blocks; what no advert can carry is moved to the excluded ones. */
export function readVirtualAddresses(context: InstanceContext, family: Family): VirtualAddresses {
  const found = { seen: new Set<string>(), refused: false };
  const advertised = readBlock(context, "virtual_ipaddress", family, found);
  const excluded = readBlock(context, "virtual_ipaddress_excluded", undefined, found);
  const beyond = advertised.slice(advertisedMax);
  const first = context.settings.last("virtual_ipaddress");
  if (beyond.length > 0 && first !== undefined) {
    context.sink.report("instance/addresses-excluded", first.statement.keyword.span, {
      message: `an advert carries ${advertisedMax} addresses; ${beyond.length} more are not advertised`,
      note: "they are held as if they stood in virtual_ipaddress_excluded",
    });
  }
  return {
    advertised: advertised.slice(0, advertisedMax),
    excluded: [...beyond, ...excluded],
    refused: found.refused,
  };
}

function readBlock(
  context: InstanceContext,
  keyword: "virtual_ipaddress" | "virtual_ipaddress_excluded",
  family: Family | undefined,
  found: { readonly seen: Set<string>; refused: boolean },
): VirtualAddress[] {
  const { settings, sink, name } = context;
  const addresses: VirtualAddress[] = [];
  for (const { statement } of settings.all(keyword)) {
    for (const line of statement.body ?? []) {
      const read = readAddressLine(line, sink);
      if (read === undefined) continue;
      const { address } = read;
      if (family !== undefined && familyOf(address.address) !== family) {
        sink.report("instance/address-family", line.keyword.span, {
          message: `${address.address} is not of the family of the first address`,
          note: "it is left out; addresses of the other family belong in virtual_ipaddress_excluded",
          classic: `(${name}): address family must match VRRP instance [${line.keyword.text}] - ignoring`,
        });
        continue;
      }
      if (!interfaceExists(context, read.interfaceToken, address)) found.refused = true;
      if (isRepeated(context, line, address, found.seen)) continue;
      addresses.push(address);
    }
  }
  return addresses;
}

/** keepalived drops repeated addresses without a word. */
function isRepeated(
  { settings, sink }: InstanceContext,
  line: Statement,
  address: VirtualAddress,
  seen: Set<string>,
): boolean {
  const device = address.interface ?? settings.value("interface") ?? "";
  const key = `${address.address}/${address.prefixLength} ${device}`;
  if (!seen.has(key)) {
    seen.add(key);
    return false;
  }
  sink.report("config/repeated", line.keyword.span, {
    message: `${address.address}/${address.prefixLength} was given before`,
    testExit: 0,
  });
  return true;
}

function interfaceExists(
  { interfaces, sink }: InstanceContext,
  token: Token | undefined,
  address: VirtualAddress,
): boolean {
  if (interfaces === undefined || token === undefined || interfaces.has(token.text)) return true;
  sink.report("instance/unknown-interface", token.span, {
    message: `this machine has no interface \`${token.text}\``,
    classic: `WARNING - interface ${token.text} for ip address ${address.address} doesn't exist`,
  });
  return false;
}

/** `IF [weight N [reverse]]`. */
export function readTrackedInterfaces(context: InstanceContext): readonly TrackedInterface[] {
  const { settings, sink, name, interfaces } = context;
  const tracked = new Map<string, TrackedInterface>();
  for (const { statement } of settings.all("track_interface")) {
    for (const line of statement.body ?? []) {
      const { text, span } = line.keyword;
      if (
        text === settings.value("interface") &&
        settings.last("dont_track_primary") === undefined
      ) {
        sink.report("instance/own-interface-tracked", span, {
          message: `${text} is the instance's own interface, which is tracked anyway`,
          classic: `(${name}) Ignoring track_interface ${text} since own interface`,
        });
      } else if (interfaces !== undefined && !interfaces.has(text)) {
        sink.report("instance/unknown-interface", span, {
          message: `this machine has no interface \`${text}\``,
          classic: `(${name}) tracked interface ${text} doesn't exist`,
        });
      } else if (tracked.has(text)) {
        sink.report("config/repeated", span, {
          message: `${text} is tracked already; this line is ignored`,
          classic: `(${name}) duplicate track_interface ${text} - ignoring`,
        });
      } else {
        const weight = readWeight(line, sink, {
          max: 254,
          reverses: ["reverse"],
          clamped: `(${name}) weight for ${text}`,
          unknown: `(${name}) unknown track_interface ${text} option`,
          noValue: `(${name}) weight without value specified for track_interface ${text} - ignoring`,
          badWeight: `(${name}) weight ${line.words[1]?.text} for ${text} must be between [-253..253] inclusive. Ignoring...`,
          badOption: `(${name}) unknown track_interace ${text} weight option`,
        });
        if (weight === "unusable") continue;
        const { amount = 0, reverse = false } = weight ?? {};
        tracked.set(text, {
          interface: text,
          weight: amount,
          reverse,
        });
      }
    }
  }
  return [...tracked.values()];
}
