// Pages of the diagnostics about routes and routing rules: `routing/...`.

import type { DiagnosticExamples } from "./example.ts";
import { block, instance } from "./example.ts";

const route = (line: string) => instance(block("virtual_routes", line));
const rule = (line: string) => instance(block("virtual_rules", line));

export const routingExamples = {
  "routing/line": {
    why: "keepalived leaves the line out and goes on, so that the master lacks a route. The words are those of `ip route add` and `ip rule add`.",
    wrong: route("10.0.0.0/8 via 192.0.2.1 dev eth0 metric high"),
    right: route("10.0.0.0/8 via 192.0.2.1 dev eth0 metric 100"),
  },
  "routing/not-tracked": {
    why: "keepalived recognises its own routes by interface and protocol. Without `dev`, or with another protocol, nobody notices when somebody removes the route; `no_track` says that this is meant.",
    wrong: route("10.0.0.0/8 via 192.0.2.1"),
    right: route("10.0.0.0/8 via 192.0.2.1 dev eth0"),
  },
  "routing/no-preference": {
    why: "Rules are asked in the order of their preference. keepalived counts down from 16384 for those without one, and that order may differ from router to router.",
    wrong: rule("from 192.0.2.0/24 table 100"),
    right: rule("from 192.0.2.0/24 table 100 preference 500"),
  },
} as const satisfies DiagnosticExamples;
