// What differs between VRRP version 2 and 3, and between doing as keepalived does and as the RFC
// says, for the router machine: one record instead of a class for each version.

import type { RouterConfig } from "./router-contract.ts";

export type ElectionRules = {
  readonly version: 2 | 3;
  /** E13: a backup counts with the interval that the master advertises. */
  readonly learnsInterval: boolean;
  /** F15 and I18: a master that hears a weaker router advertises at once. */
  readonly answersLosingAdvert: boolean;
  /** D01: an owner becomes master at start whatever `state` says. */
  readonly ownerAlwaysStartsAsMaster: boolean;
};

/** `lower_prio_no_advert` is the operator's word and stands above both profiles. */
export const electionRules = (config: RouterConfig): ElectionRules => ({
  version: config.version,
  learnsInterval: config.version === 3,
  answersLosingAdvert:
    !config.lowerPriorityNoAdvert && !(config.profile === "rfc9568" && config.version === 2),
  ownerAlwaysStartsAsMaster: config.profile === "rfc9568",
});
