// Several configurations as one group of routers: which instance of one file is the same virtual
// router as which of another. Loaded files go in; virtual routers with one member from each file that
// has them come out, and each member knows where its file says what.

import type { LoadedConfig } from "../config/load.ts";
import type { GlobalModel, InstanceModel } from "../config/model.ts";
import { type BlockPlaces, type InstancePlaces, placesOf } from "../config/places.ts";
import type { Span } from "../config/source.ts";
import { type TrackedThing, trackedThings } from "./tracked.ts";

/** A configuration with the path that it was asked for by. */
export type ReviewedFile = { readonly path: string; readonly loaded: LoadedConfig };

export type Member = {
  /** Which of the files, from 0. */
  readonly file: number;
  /** What the router is called in texts: its file's name, as short as it is unmistakable. */
  readonly router: string;
  readonly model: InstanceModel;
  readonly global: GlobalModel;
  readonly places: InstancePlaces;
  readonly globals: BlockPlaces;
  readonly things: readonly TrackedThing[];
};

export type VirtualRouter = {
  /** In the order of the files, at most one from each. */
  readonly members: readonly Member[];
};

/** The place of what counts for a member: its own keyword, else the default's, else the instance. */
export function placeOf(member: Member, keyword: string, global?: string): Span {
  const own = member.places.keywords.get(keyword);
  const inherited = global === undefined ? undefined : member.globals.get(global);
  return own ?? inherited ?? member.places.span;
}

/** The place of a line of a block, else of the block. */
export const linePlaceOf = (member: Member, block: string, word: string): Span =>
  member.places.lines.get(block)?.get(word) ?? placeOf(member, block);

/** All instances of a file that would run. */
export function membersOf(file: ReviewedFile, index: number, router: string): readonly Member[] {
  const { model, statements } = file.loaded;
  if (model === undefined) return [];
  const places = placesOf(statements);
  return model.instances.flatMap((instance) => {
    const own = places.instances.get(instance.name);
    if (own === undefined) return [];
    const { global } = model;
    const { globals } = places;
    const things = trackedThings(instance, model.tracking);
    return [{ file: index, router, model: instance, global, places: own, globals, things }];
  });
}

/** Names for files: as much of the end of each path as tells them apart, without `.conf`. */
export function routerNames(paths: readonly string[]): readonly string[] {
  const longest = Math.max(1, ...paths.map((path) => path.split("/").length));
  for (let parts = 1; parts < longest; parts++) {
    const names = paths.map((path) => path.split("/").slice(-parts).join("/"));
    if (new Set(names).size === new Set(paths).size) return names.map(withoutEnding);
  }
  return paths.map(withoutEnding);
}

const withoutEnding = (name: string): string => name.replace(/(.)\.conf$/, "$1");

/**
 * Puts together what belongs together: instances that share a virtual address, or both name and
 * VRID. Where several fit, the ones that have most in common.
 */
export function virtualRoutersOf(files: readonly (readonly Member[])[]): readonly VirtualRouter[] {
  const routers: Member[][] = [];
  const index = new Map<string, number[]>();
  for (const members of files) {
    const claims = members.flatMap((member) =>
      [...candidates(member, index)].map((router) => {
        const others = routers[router] ?? [];
        return { member, router, score: Math.max(...others.map((each) => likeness(each, member))) };
      }),
    );
    claims.sort((a, b) => b.score - a.score || a.router - b.router);
    const placed = new Map<Member, number>();
    const taken = new Set<number>();
    for (const { member, router, score } of claims) {
      if (score < likenessMin || placed.has(member) || taken.has(router)) continue;
      placed.set(member, router);
      taken.add(router);
    }
    for (const member of members) {
      const router = placed.get(member) ?? routers.push([]) - 1;
      routers[router]?.push(member);
      for (const key of keysOf(member)) {
        const known = index.get(key) ?? [];
        if (known.at(-1) !== router) known.push(router);
        index.set(key, known);
      }
    }
  }
  return routers.map((members) => ({ members }));
}

/** What two instances of one virtual router have in common; enough is an address, or name and VRID. */
const likenesses = { address: 8, vrid: 4, name: 2, interface: 1 } as const;
const likenessMin = likenesses.vrid + likenesses.name;

function likeness({ model: a }: Member, { model: b }: Member): number {
  const addresses = new Set(a.addresses.map(({ address }) => address));
  return (
    (b.addresses.some(({ address }) => addresses.has(address)) ? likenesses.address : 0) +
    (a.vrid === b.vrid ? likenesses.vrid : 0) +
    (a.name === b.name ? likenesses.name : 0) +
    (a.interface === b.interface ? likenesses.interface : 0)
  );
}

const keysOf = ({ model }: Member): readonly string[] => [
  `${model.family} vrid ${model.vrid} name ${model.name}`,
  ...model.addresses.map(({ address }) => address),
];

function candidates(member: Member, index: ReadonlyMap<string, number[]>): ReadonlySet<number> {
  return new Set(keysOf(member).flatMap((key) => index.get(key) ?? []));
}
