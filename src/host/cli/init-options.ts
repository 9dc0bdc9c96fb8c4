// The flags of `understudy init`: which of them are missing, and the plan of a group that they say.
// Texts become numbers and lists here; whether they make sense together is the generator's to say.

import { randomBytes } from "node:crypto";
import type { Result } from "../../core/base/result.ts";
import { err, ok } from "../../core/base/result.ts";
import type { GroupPlan, PlannedRouter } from "../../core/config/generate.ts";
import { passwordOf } from "../../core/config/generate.ts";

/** The flags as given; what is absent has its default or is asked for. */
export type InitOptions = {
  readonly interface?: string;
  readonly address?: readonly string[];
  readonly router?: readonly string[];
  readonly vrid?: string;
  readonly usedVrids?: string;
  readonly unicast?: boolean;
  readonly version?: string;
  readonly authPass?: string;
  readonly interval?: string;
  readonly nopreempt?: boolean;
  readonly out?: string;
  readonly force?: boolean;
};

/** Flags that are needed and not there, as they would be written. */
export function missingFlags(options: InitOptions): readonly string[] {
  const routers = options.router?.length ?? 0;
  return [
    ...(options.interface === undefined ? ["--interface NAME"] : []),
    ...((options.address?.length ?? 0) === 0 ? ["--address ADDRESS[/LENGTH]"] : []),
    ...(routers < 2 ? [`--router NAME[=ADDRESS] (two or more, here ${routers})`] : []),
  ];
}

/** The plan, or one sentence about a flag that cannot be read. */
export function planOf(options: InitOptions): Result<GroupPlan, string> {
  const { vrid, interval = "1", authPass, version } = options;
  // A password says which version is meant.
  const wantsPassword = authPass !== undefined && authPass !== "none";
  const chosen = version ?? (wantsPassword ? "2" : "3");
  if (chosen !== "2" && chosen !== "3") return err("--version is 2 or 3");
  if (vrid !== undefined && !/^[0-9]{1,3}$/.test(vrid)) return err("--vrid is a number");
  if (!/^[0-9]{1,3}(\.[0-9]{1,2})?$/.test(interval))
    return err("--interval is a number of seconds");
  const usedVrids = vridsOf(options.usedVrids ?? "");
  if (usedVrids === undefined) return err("--used-vrids are numbers, such as 1,7,50-60");
  const password = passwordFor(authPass ?? (chosen === "2" ? "auto" : "none"));
  return ok({
    interface: options.interface ?? "",
    addresses: options.address ?? [],
    routers: (options.router ?? []).map(routerOf),
    usedVrids,
    unicast: options.unicast === true,
    version: chosen === "2" ? 2 : 3,
    interval: Number(interval),
    nopreempt: options.nopreempt === true,
    ...(vrid === undefined ? {} : { vrid: Number(vrid) }),
    ...(password === undefined ? {} : { password }),
  });
}

/** `NAME` or `NAME=ADDRESS`. */
function routerOf(text: string): PlannedRouter {
  const equals = text.indexOf("=");
  if (equals < 0) return { name: text };
  return { name: text.slice(0, equals), source: text.slice(equals + 1) };
}

/** `1,7,50-60` as numbers; undefined when it is no such list. */
function vridsOf(text: string): readonly number[] | undefined {
  const vrids: number[] = [];
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const match = /^([0-9]{1,3})(?:-([0-9]{1,3}))?$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1]);
    for (let vrid = first; vrid <= Number(match[2] ?? first); vrid++) vrids.push(vrid);
  }
  return vrids;
}

function passwordFor(given: string): string | undefined {
  if (given === "none") return undefined;
  return given === "auto" ? passwordOf(randomBytes(8)) : given;
}
