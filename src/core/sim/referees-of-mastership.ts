// Who may be master: one on every connected LAN once things have settled, never two for longer than
// it takes to hear of each other, the owner whenever it can, and nobody else holds an address.
// Conformance.md 5.5, in the words of somebody who runs the network.

import { after, durationText, instant, type Microseconds } from "../base/time.ts";
import { memberName } from "./host.ts";
import { type Lasting, mustNotLast } from "./lasting.ts";
import { groupName } from "./machine-model.ts";
import type { Complain, Referee, RefereeFactory } from "./referee.ts";
import type { Member, Scenario, VirtualRouterGroup } from "./scenario.ts";
import { atOnceMax, hearingMax, masterDownOf, overlapMax, settlingMax } from "./spans.ts";
import type { Standing } from "./standing.ts";
import { guardDelayMax } from "./world.ts";

const never = 0 as Microseconds;
const always = instant(0);

/** A connected LAN that loses nothing has exactly one master once it has settled. */
export const oneMasterAfterSettling: RefereeFactory = (scenario, complain) =>
  mustNotLast((standing) => {
    if (standing.lossy) return [];
    return scenario.groups.flatMap((group, index) => {
      const from = after(standing.troubledAt, settlingMax(scenario, group));
      return standing.segments().flatMap((segment): Lasting[] => {
        const masters = segment.filter((host) => standing.isMaster(host, index));
        if (masters.length === 1) return [];
        const where = `${groupName(index)} among hosts ${segment.join(", ")}`;
        const what = masters.length === 0 ? "no master" : `masters ${masters.join(", ")}`;
        const text = (lasted: Microseconds) => `${what} for ${durationText(lasted)}: ${where}`;
        // A hand-over between two members that are up may overlap, but leaves no gap.
        const allowed = masters.length === 0 ? never : hearingMax(scenario);
        return [{ key: `${what} ${where}`, from, allowed, text }];
      });
    });
  }, complain);

/** Two masters that hear each other: not for longer than an interval and the way of an advert. */
export const neverTwoMasters: RefereeFactory = (scenario, complain) =>
  mustNotLast((standing) => {
    if (standing.lossy) return [];
    return scenario.groups.flatMap(({ members }, group) => {
      const masters = members.flatMap((member, host) =>
        standing.isUsable(host) && standing.isMaster(host, group) ? [{ member, host }] : [],
      );
      return masters.flatMap((a, i) =>
        masters
          .slice(i + 1)
          .filter((b) => standing.areConnected(a.host, b.host))
          .map((b): Lasting => {
            const where = `${groupName(group)} on hosts ${a.host} and ${b.host}`;
            const text = (lasted: Microseconds) =>
              `two masters for ${durationText(lasted)}: ${where}`;
            const allowed = overlapMax(scenario, a.member, b.member);
            return { key: where, from: always, allowed, text };
          }),
      );
    });
  }, complain);

/** What one member of one group must not be for long, where `isSo` says that it is. */
const membersMustNot = (
  scenario: Scenario,
  complain: Complain,
  what: string,
  isSo: (standing: Standing, host: number, group: number) => boolean,
  allowed: (group: VirtualRouterGroup, member: Member) => Microseconds,
): Referee =>
  mustNotLast(
    (standing) =>
      scenario.groups.flatMap((group, index) =>
        group.members.flatMap((member, host): Lasting[] => {
          if (!isSo(standing, host, index)) return [];
          const where = memberName(host, index);
          const text = (lasted: Microseconds) => `${what} for ${durationText(lasted)}: ${where}`;
          return [{ key: where, from: always, allowed: allowed(group, member), text }];
        }),
      ),
    complain,
  );

/** An owner that runs and has its cable in is master, whoever else there is. */
export const ownerIsMaster: RefereeFactory = (scenario, complain) =>
  membersMustNot(
    scenario,
    complain,
    "the owner is not master",
    (standing, host, group) =>
      standing.hosts[host]?.priorities[group] === 255 &&
      standing.isUsable(host) &&
      !standing.isMaster(host, group),
    ({ version }, member) =>
      ((scenario.startupDelay ?? 0) +
        masterDownOf(version, member, 255, member.interval) +
        2 * hearingMax(scenario) +
        atOnceMax(scenario)) as Microseconds,
  );

/** A host without its cable is master of nothing. */
export const noMasterWithoutLink: RefereeFactory = (scenario, complain) =>
  membersMustNot(
    scenario,
    complain,
    "master without a link",
    (standing, host, group) => {
      const { running, paused, linkUp } = standing.hosts[host] ?? {};
      return running === true && !paused && !linkUp && standing.isMaster(host, group);
    },
    () => atOnceMax(scenario),
  );

/** A master has every address in its kernel: it took over for their sake. */
export const masterHoldsAddresses: RefereeFactory = (scenario, complain) =>
  membersMustNot(
    scenario,
    complain,
    "a master without its addresses",
    (standing, host, group) =>
      standing.isUsable(host) && standing.isMaster(host, group) && !standing.holdsAll(host, group),
    () => atOnceMax(scenario),
  );

/** Nobody else has any: two machines would answer for one address. */
export const nobodyElseHoldsAddresses: RefereeFactory = (scenario, complain) => {
  const holds = (standing: Standing, host: number, group: number) =>
    (standing.hosts[host]?.held[group]?.length ?? 0) > 0 && !standing.isMaster(host, group);
  const whileRunning = membersMustNot(
    scenario,
    complain,
    "an address left on a backup",
    (standing, host, group) =>
      holds(standing, host, group) &&
      standing.hosts[host]?.running === true &&
      standing.hosts[host]?.paused === false,
    () => atOnceMax(scenario),
  );
  const afterTheEnd = membersMustNot(
    scenario,
    complain,
    "an address left by a dead router",
    (standing, host, group) =>
      holds(standing, host, group) && standing.hosts[host]?.running === false,
    () => (guardDelayMax + atOnceMax(scenario)) as Microseconds,
  );
  return {
    see(fact, standing) {
      whileRunning.see(fact, standing);
      afterTheEnd.see(fact, standing);
    },
    end(at, standing) {
      whileRunning.end(at, standing);
      afterTheEnd.end(at, standing);
    },
  };
};
