// An explanation for tools: the same facts as the text, without places and passwords, times in µs.

import type { Explanation, MemberExplanation, Proof, RouterExplanation } from "./explain.ts";
import type { Member } from "./members.ts";
import type { TakeOver, Wait } from "./timeline.ts";
import type { Failure } from "./weights.ts";

/** Plain data for JSON; `proofs` belong to the virtual routers in their order. */
export const explanationJson = (explanation: Explanation, proofs: readonly Proof[]): unknown => ({
  virtualRouters: explanation.virtualRouters.map((router, i) => routerJson(router, proofs[i])),
  withoutEffect: explanation.withoutEffect,
  strict: explanation.strict,
});

function routerJson(router: RouterExplanation, proof: Proof | undefined): unknown {
  const { members, split, election, hard, clean, returns, weights } = router;
  const model = members[0]?.member.model;
  return {
    vrid: model?.vrid ?? null,
    version: model?.version ?? null,
    family: model?.family ?? null,
    members: members.map(memberJson),
    split: split.map(({ code, message }) => ({ code, message })),
    master: election?.kind === "decided" ? election.master.router : null,
    why: election?.kind === "decided" ? election.why : (election?.kind ?? "split"),
    masterAfter: election?.kind === "decided" ? waitJson(election.wait) : null,
    equals: election?.kind === "undecided" ? election.equals.map(({ router: name }) => name) : [],
    hardFailure: takeOverJson(hard),
    cleanFailure: takeOverJson(clean),
    return:
      returns === undefined
        ? null
        : returns.kind === "takes-over"
          ? { kind: returns.kind, ...waitJson(returns.wait), preemptDelay: returns.delay }
          : { kind: returns.kind },
    combinations:
      weights?.rows.map(({ failures, priorities, strongest }) => ({
        failed: failures.map(failureJson),
        priorities: priorities.map((priority) => priority ?? null),
        strongest: strongest.map((place) => members[place]?.member.router ?? ""),
      })) ?? [],
    combinationsInAll: weights?.combinations ?? 0,
    simulation: proof ?? null,
  };
}

const failureJson = ({ member, thing }: Failure): unknown => ({
  router: member.router,
  tracked: thing.name,
  state: thing.failure,
});

const waitJson = ({ after, formula }: Wait) => ({ after, formula });

const takeOverJson = (takeOver: TakeOver | undefined): unknown =>
  takeOver === undefined
    ? null
    : {
        routers: takeOver.routers.map(({ router }) => router),
        ...waitJson(takeOver.wait),
        followedBy:
          takeOver.followedBy === undefined
            ? null
            : {
                router: takeOver.followedBy.router.router,
                ...waitJson(takeOver.followedBy.wait),
              },
      };

function memberJson({
  member,
  priority,
  masterDown,
  skew,
  tracked,
  packet,
  garp,
}: MemberExplanation): unknown {
  return {
    ...identity(member),
    priority,
    masterDown: waitJson(masterDown),
    skew: waitJson(skew),
    tracked: tracked.map(({ thing, priorityThen, takeOver }) => ({
      name: thing.name,
      state: thing.failure,
      runs: thing.runs,
      priority: priorityThen ?? null,
      fault: priorityThen === undefined,
      takeOver: takeOverJson(takeOver),
    })),
    packet,
    announcements: { ...garp.garp, pause: garp.pause, addresses: garp.addresses },
  };
}

const identity = ({ router, model, places }: Member) => ({
  router,
  file: places.span.file,
  instance: model.name,
  interface: model.interface ?? null,
  basePriority: model.priority,
  preempt: model.preempt,
  advertInterval: model.advertInterval,
});
