// Writes docs/reference from the product's own tables: counters, reasons to drop a packet, events with
// their log texts. `node scripts/reference.mjs` writes, with `--check` it only compares and names what
// is stale; test/tidy/reference.test.ts does that. Reads the built tables in dist/.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { counterDocs } from "../dist/src/core/vrrp/counters.js";
import { refusals } from "../dist/src/core/vrrp/vocabulary.js";
import { statsSources } from "../dist/src/host/observe/dumps/stats.js";
import { logLines, logTable } from "../dist/src/host/observe/log-lines.js";
import { reasonPhrases } from "../dist/src/host/observe/sinks.js";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "docs", "reference");
const from = "192.0.2.2";
const instance = "VI_1";
const address = { link: 2, address: "192.0.2.100", prefixLength: 24, scope: "global" };
const denied = {
  call: "RTM_NEWADDR",
  object: "192.0.2.100/24 on eth0",
  code: "EPERM",
  remedy: "needs CAP_NET_ADMIN: run with sudo or grant it to the unit",
};

/** Each kind: what it means, and one or more examples without their kind. */
const events = {
  transition: {
    doc: "The instance is in another state. `reason` is one of those below.",
    examples: [
      { instance, from: "BACKUP", to: "MASTER", reason: "master-silent", priority: 100 },
      { instance, from: "INIT", to: "BACKUP", reason: "startup", priority: 100 },
      { instance, from: "MASTER", to: "FAULT", reason: "fault", priority: 100 },
      { instance, from: "MASTER", to: "STOP", reason: "shutdown", priority: 100 },
    ],
  },
  "advert-refused": {
    doc: "A packet was dropped; the texts of all reasons stand in [refusals](refusals.md).",
    examples: [{ instance, interface: "eth0", from, refusal: { kind: "bad-password" } }],
  },
  "advert-differs": {
    doc: "A valid advert was accepted although its sender is configured otherwise.",
    examples: [
      { instance, vrid: 51, from, what: { kind: "interval", ours: 1_000_000, theirs: 2_000_000 } },
      { instance, vrid: 51, from, what: { kind: "address-count", ours: 2, theirs: 1 } },
      { instance, vrid: 51, from, what: { kind: "address-list", missing: "192.0.2.100" } },
    ],
  },
  "advert-heard": {
    doc: "An advert that matters to the election, and what became of it (`what`).",
    examples: [
      "lower-discarded",
      "lower-answered",
      "lower-unanswered",
      "higher-priority",
      "same-priority-higher-address",
      "own-address-elsewhere",
      "priority-zero-as-backup",
      "priority-zero-as-master",
      "rogue-owner",
      "rogue-owner-persists",
      "rogue-owner-gone",
      "owner-restored",
    ].map((what) => ({ instance, from, priority: 50, ours: 100, what })),
  },
  "master-changed": {
    doc: "A backup hears another master than before.",
    examples: [
      { instance, to: from },
      { instance, from: "192.0.2.3", to: from },
    ],
  },
  "interval-learned": {
    doc: "v3: a backup takes over the master's interval.",
    examples: [{ instance, from: 500_000, to: 1_000_000 }],
  },
  "receive-timeout": {
    doc: "The master has not been heard for the master down interval; taking over follows.",
    examples: [{ instance }],
  },
  "priority-changed": {
    doc: "Tracking changed the effective priority.",
    examples: [{ instance, from: 100, to: 80 }],
  },
  "preempt-delay": {
    doc: "`preempt_delay` began, was called off, or is over.",
    examples: ["started", "stopped", "expired"].map((what) => ({
      instance,
      what,
      delay: 3_000_000,
    })),
  },
  "woken-late": {
    doc: "The machine ran this process too late: others may have acted in the meantime.",
    examples: [{ instance, timer: "advert", late: 1_200_000 }],
  },
  "fault-raised": {
    doc: "Something that the instance needs is missing; each cause by itself.",
    examples: [
      { instance, fault: { kind: "interface-down", interface: "eth0" } },
      { instance, fault: { kind: "interface-missing", interface: "eth0" } },
      { instance, fault: { kind: "interface-up", interface: "eth1" } },
      { instance, fault: { kind: "no-source-address", interface: "eth0" } },
    ],
  },
  "fault-cleared": {
    doc: "That cause is gone; with the last one the instance becomes BACKUP.",
    examples: [{ instance, fault: { kind: "interface-down", interface: "eth0" } }],
  },
  "priority-zero-sent": {
    doc: "We announced that we leave.",
    examples: [{ instance }],
  },
  "address-taken-away": {
    doc: "Somebody else deleted a virtual address while we were master.",
    examples: [{ instance, address, interface: "eth0" }],
  },
  "address-refused": {
    doc: "The kernel did not take a virtual address.",
    examples: [{ instance, address, interface: "eth0", error: denied }],
  },
  "leftovers-removed": {
    doc: "Addresses of an earlier run of ours, which did not end well, were removed.",
    examples: [{ addresses: [address] }],
  },
  link: {
    doc: "An interface went up or down, came or went.",
    examples: ["up", "down", "added", "deleted"].map((what) => ({ interface: "eth0", what })),
  },
  announcing: {
    doc: "A round of gratuitous ARPs begins.",
    examples: [{ instance, addresses: 3 }],
  },
  "startup-delay": {
    doc: "`vrrp_startup_delay` holds everything back.",
    examples: [{ delay: 2_000_000 }],
  },
  reload: {
    doc: "What a reload did to an instance.",
    examples: [
      { instance, what: "changed", changes: ["priority 100 -> 120"] },
      { instance, what: "kept", changes: [] },
    ],
  },
  "socket-refused": {
    doc: "The system did not give a socket, or did not send.",
    examples: [
      {
        socket: "eth0",
        error: {
          call: "socket",
          object: "raw socket for protocol 112 on eth0",
          code: "EPERM",
          remedy: "needs CAP_NET_RAW: run with sudo or grant it to the unit",
        },
      },
    ],
  },
};

/** What a refusal's text shows as received and expected. */
const particulars = {
  truncated: [20, 28],
  "bad-length": [56, 44],
  "ip-length-mismatch": [60, 44],
  "unknown-vrid": [99],
  "bad-ttl": [254, 255],
  "bad-version": [3, 2],
  "bad-type": [2, 1],
  "bad-auth-type": [3],
  "auth-type-mismatch": [0, 1],
  "interval-mismatch": [2, 1],
  "bad-checksum": ["0x1234", "0x647c"],
  "wrong-cast": ["multicast", "unicast"],
  "address-list-mismatch": ["192.0.2.7", "192.0.2.100"],
};

const generated =
  "<!-- Written by scripts/reference.mjs from the tables of src/; changes belong there. -->\n";

const keepalivedName = (counter) =>
  Object.entries(statsSources).find(([, sources]) => sources.includes(counter))?.[0];

function countersPage() {
  const rows = Object.entries(counterDocs).map(([name, doc]) => {
    const theirs = keepalivedName(name);
    return `| \`${name}\` | ${doc} | ${theirs === undefined ? "" : `\`${theirs}\``} |`;
  });
  return `# Counters

${generated}
Each instance counts these; \`understudy status\` shows those that are not zero. The last column is the
name under which keepalived's statistics (SIGUSR2, JSON) show the sum.

| counter | counts | in keepalived's statistics |
|---|---|---|
${rows.join("\n")}
`;
}

function refusalsPage() {
  const rows = Object.entries(refusals).map(([kind, { doc, rules }]) => {
    const [received, expected] = particulars[kind] ?? [];
    const version = kind === "bad-checksum" ? 2 : undefined;
    const refusal = { kind, received, expected, version };
    const [line] = logLines({ kind: "advert-refused", instance, interface: "eth0", from, refusal });
    const theirs = keepalivedName(`dropped ${kind}`);
    return `| <a id="${kind}"></a>\`${kind}\` | ${doc} | ${shown(line)} | ${theirs === undefined ? "" : `\`${theirs}\``} | ${rules.join(" ")} |`;
  });
  return `# Why a packet is dropped

${generated}
A dropped packet moves no timer and changes no state. Each kind is logged once until the instance
changes state or hears another master; every one is counted as \`dropped KIND\`.

| reason | the packet | log | in keepalived's statistics | rules |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

const shown = ({ text, detail }) =>
  `\`${text.replaceAll("|", "\\|")}\`${detail === true ? " (-D)" : ""}`;

function eventsPage() {
  const missing = Object.keys(logTable).filter((kind) => !(kind in events));
  if (missing.length > 0) throw new Error(`no documentation for ${missing.join(", ")}`);
  const sections = Object.keys(logTable).map((kind) => {
    const { doc, examples } = events[kind];
    const lines = examples.flatMap((example) =>
      logLines({ kind, ...example }).map(
        ({ level, detail, text }) => `| ${level}${detail === true ? ", -D" : ""} | \`${text}\` |`,
      ),
    );
    const json = JSON.stringify({ kind, ...examples[0] });
    return `## ${kind}

${doc}

| level | log |
|---|---|
${[...new Set(lines)].join("\n")}

\`\`\`json
${json}
\`\`\`
`;
  });
  const reasons = Object.entries(reasonPhrases).map(
    ([reason, phrase]) => `| \`${reason}\` | ${phrase} |`,
  );
  return `# Events

${generated}
What the engine reports: as text in the log, with all fields in a JSON log (\`--log-format json\`), in a
recording, and as the last events of \`understudy status --json\`. Lines marked -D need log detail.

${sections.join("\n")}
## Reasons of a transition

| reason | in words |
|---|---|
${reasons.join("\n")}
`;
}

const pages = {
  "counters.md": countersPage(),
  "refusals.md": refusalsPage(),
  "events.md": eventsPage(),
};
const isCheck = process.argv.includes("--check");
if (!isCheck) mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(pages)) {
  const path = join(folder, name);
  if (!isCheck) writeFileSync(path, text);
  else if (readOrNothing(path) !== text) {
    process.stdout.write(`docs/reference/${name} is stale: run node scripts/reference.mjs\n`);
    process.exitCode = 1;
  }
}

function readOrNothing(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
