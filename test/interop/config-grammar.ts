// Configurations for differential fuzzing: made from the keyword tables (most values inside their
// ranges, some not), and real ones with a few mistakes put in. fast-check draws both, so a seed gives
// the same texts again and a difference shrinks.

import fc from "fast-check";
import { root } from "../../src/core/config/schema/root.ts";
import type { BlockSpec, KeywordSpec } from "../../src/core/config/schema/spec.ts";

type Text = fc.Arbitrary<string>;

const junk: Text = fc.constantFrom(
  "x",
  "-1",
  "0",
  "1.5",
  "99999999999",
  "{",
  "}",
  '"a b"',
  "on",
  "!",
);

const around = (min: number, max: number): Text =>
  fc
    .oneof(
      {
        weight: 6,
        arbitrary: fc.integer({
          min: Math.ceil(min),
          max: Math.max(Math.ceil(min), Math.floor(Math.min(max, 2 ** 31))),
        }),
      },
      { weight: 1, arbitrary: fc.constantFrom(min - 1, max + 1, min, max) },
    )
    .map(String);

const valueText = ({ value, optional }: KeywordSpec): Text => {
  switch (value.type) {
    case "flag":
      return fc.constant("");
    case "boolean":
      return fc.constantFrom("", "on", "off", "true", "no");
    case "integer":
    case "seconds":
      return around(value.min, value.max);
    case "choice":
      return fc.constantFrom(...value.of);
    case "interface":
      return fc.constantFrom("eth0", "eth0", "eth1", "eth9");
    case "address":
      return value.multicast === true
        ? fc.constantFrom("224.0.0.18", "ff02::12", "192.0.2.1")
        : fc.constantFrom("192.0.2.1", "192.0.2.1", "2001:db8::1");
    case "script":
      return fc.constantFrom('"/bin/true a"', "/no/such/script", "/bin/true root");
    default:
      return fc.constantFrom("a", "b", ...(optional === true ? [""] : []));
  }
};

const addressLine: Text = fc.constantFrom(
  "192.0.2.1/24",
  "192.0.2.2 dev eth1",
  "192.0.2.3/33",
  "2001:db8::1",
  "x",
  "192.0.2.4 label eth0:1 scope link",
);

/** One keyword with its value, or its block. */
function statement(keyword: string, spec: KeywordSpec, depth: number): Text {
  const { value } = spec;
  if (value.type === "block" && depth < 3)
    return fc
      .tuple(name, blockBody(value.block, depth + 1))
      .map(([n, body]) =>
        value.name === undefined ? `${keyword} {\n${body}}\n` : `${keyword} ${n} {\n${body}}\n`,
      );
  if (value.type === "lines" || value.type === "block" || value.type === "skipped-block") {
    const line = value.type === "lines" && value.lines === "address" ? addressLine : name;
    return fc.array(line, { maxLength: 3 }).map((all) => `${keyword} {\n${all.join("\n")}\n}\n`);
  }
  return fc
    .oneof(
      { weight: 12, arbitrary: valueText(spec) },
      { weight: 1, arbitrary: junk },
      { weight: 1, arbitrary: fc.constant("") },
    )
    .map((word) => `${keyword} ${word}\n`);
}

const name: Text = fc.constantFrom("A", "B", "C", "eth0", "eth1", "192.0.2.9");

function blockBody(block: BlockSpec, depth: number): Text {
  // keepalived 2.2.7 does not know what is newer.
  const entries = Object.entries(block.keywords).filter(([, spec]) => spec.since === undefined);
  if (entries.length === 0) return fc.constant("");
  const keyword = fc.integer({ min: 0, max: entries.length - 1 }).chain((i) => {
    const [word, spec] = entries[i] ?? ["", undefined];
    return spec === undefined ? fc.constant("") : statement(word, spec, depth);
  });
  return fc.array(keyword, { maxLength: 5 }).map((all) => all.join(""));
}

const { global_defs: globalDefs, vrrp_instance: instance } = root.keywords;

/** An instance that works, with more keywords. */
const workingInstance = (i: number): Text => {
  const block = instance?.value.type === "block" ? instance.value.block : undefined;
  const more = block === undefined ? fc.constant("") : blockBody(block, 1);
  return more.map(
    (body) =>
      `vrrp_instance V${i} {\ninterface eth0\nvirtual_router_id ${i + 1}\nvirtual_ipaddress {\n192.0.2.${i + 1}\n}\n${body}}\n`,
  );
};

/** A whole configuration by the tables. */
export const generatedConfig: Text = fc
  .tuple(
    globalDefs === undefined ? fc.constant("") : statement("global_defs", globalDefs, 0),
    fc.array(fc.integer({ min: 0, max: 3 }).chain(workingInstance), { maxLength: 2 }),
  )
  .map(([globals, instances]) => globals + instances.join(""));

type Mutation = { readonly kind: number; readonly at: number; readonly other: number };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.integer({ min: 0, max: 7 }),
  at: fc.nat(10_000),
  other: fc.nat(10_000),
});

/** One of the texts with one to three small changes. */
export const mutatedConfig = (texts: readonly string[]): Text =>
  fc
    .tuple(
      fc.nat(Math.max(0, texts.length - 1)),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
    )
    .map(([i, changes]) => changes.reduce(mutate, texts[i] ?? ""));

function mutate(text: string, { kind, at, other }: Mutation): string {
  const lines = text.split("\n");
  const i = at % lines.length;
  const line = lines[i] ?? "";
  const set = (changed: string) => lines.with(i, changed).join("\n");
  switch (kind) {
    case 0:
      return lines.toSpliced(i, 1).join("\n");
    case 1:
      return lines.toSpliced(i, 0, lines[other % lines.length] ?? "").join("\n");
    case 2:
      return set(line.replace(/[0-9]+/, String((other % 600) - 20)));
    case 3:
      return set(line.replace(/[a-z]/, ""));
    case 4:
      return set(`${line} }`);
    case 5:
      return set(line.replace(/[{}]/, ""));
    case 6:
      return set(`${line} {`);
    default:
      return set(line.replace(/(\S+)\s.*/, "$1"));
  }
}
