// What can be wrong with a configuration: one row per code, and a diagnostic as data. The severity
// says what people need to know; `testExit` says what keepalived's own `-t` makes of it, which is
// something else: it complains about some things that are harmless and is silent about our advice.

import { limits } from "../base/limits.ts";
import type { Span } from "./source.ts";

export type Severity = "error" | "warning";

export type DiagnosticSpec = {
  readonly severity: Severity;
  /** keepalived's `--config-test` status: 0 silent, 2 missing parameter, 5 reported, 6 no file. */
  readonly testExit: 0 | 2 | 4 | 5 | 6;
  /** keepalived would not run at all with this configuration. */
  readonly refuses?: true;
  readonly doc: string;
};

const error = (doc: string, testExit: DiagnosticSpec["testExit"] = 5) =>
  ({ severity: "error", testExit, doc }) as const;
const fatal = (doc: string, testExit: DiagnosticSpec["testExit"] = 5) =>
  ({ severity: "error", testExit, refuses: true, doc }) as const;
const warning = (doc: string, testExit: DiagnosticSpec["testExit"] = 5) =>
  ({ severity: "warning", testExit, doc }) as const;

export const diagnosticCodes = {
  // Files and lines
  "config/unreadable": fatal("The file cannot be read, or has an execute bit.", 6),
  "config/include-missing": warning(
    "An `include` names no file that exists. Only the strict forms (`includer` and so on) refuse.",
    0,
  ),
  "config/include-refused": fatal("A strict include found nothing, or a file it must not read.", 6),
  "config/include-loop": fatal("A file includes itself, directly or through others.", 6),
  "config/line-too-long": error("Lines of more than 1024 characters are ignored."),
  "config/nul-byte": error("A line with a NUL character is ignored."),
  "config/comment-in-word": warning("A `#` or `!` within a word, such as a password, ends it.", 0),
  "config/unterminated-quote": error("A double quote has no partner on its line."),
  "config/definition-loop": error("A definition uses itself, so it has no value."),
  "config/undefined-name": error("A name in `$`{...} is used, but nothing defines it."),
  "config/expansion-too-long": error("Definitions, repetitions or includes make too much text."),
  "config/bad-repetition": error("A `~SEQ(...)` or `~LST(...)` cannot be read."),

  // Structure
  "config/missing-brace": error("A block is opened and never closed."),
  "config/extra-brace": error("A `}` closes nothing."),
  "config/unexpected-brace": error("A `{` follows something that has no block."),
  "config/empty-block": warning("A block holds nothing."),
  "config/expected-brace": error("A block keyword is not followed by `{`."),
  "config/unknown-keyword": warning("No keyword of keepalived has this name."),
  "config/misplaced-keyword": warning("The keyword exists, but in another block."),
  "config/not-implemented": warning(
    "keepalived knows this; Understudy accepts it and does not act on it yet.",
    0,
  ),
  "config/family-not-implemented": error("IPv6 virtual routers are not run yet.", 0),
  "config/deprecated": warning("The keyword still works and has a better successor."),
  "config/extra-words": warning("More words than the keyword takes; the rest is ignored.", 0),
  "config/repeated": warning("The same thing is said twice; one of them is ignored.", 5),

  // Values
  "config/missing-value": fatal("The keyword needs a value, and none is there.", 2),
  "config/missing-name": error("The block needs a name."),
  "config/value-type": error("The value is not of the kind that the keyword takes."),
  "config/value-range": error("The value is outside its range; it is not used."),
  "config/value-clamped": warning("The value is outside its range; the nearest one is used."),
  "config/value-choice": error("The value is not one of the words that the keyword knows."),
  "config/value-rounded": warning("The protocol cannot carry this value; the nearest one is used."),
  "config/value-precision": warning("More decimal places than are kept; the value is rounded."),
  "config/address": error("A line does not hold a usable address; it is skipped."),
  "config/address-option": error("A word of an address line is unknown, or has a bad value."),

  // Scripts and what else is tracked
  "script/no-command": error("A `vrrp_script` without a script is dropped."),
  "script/unknown-user": warning("A user or group that runs scripts does not exist."),
  "script/missing": warning("The file of a script does not exist; it cannot be run."),
  "script/insecure": warning("Others than root can change what root is made to run."),
  "script/security-off": warning("Scripts are run without `enable_script_security`.", 6),
  "tracking/nothing-to-track": error("A block does not say what is to be tracked; it is dropped."),
  "tracking/not-found": error("What is to be tracked is not defined above this line."),

  // Routes and rules
  "routing/line": error("A line does not hold a usable route or rule; it is left out."),
  "routing/not-tracked": warning("A route or rule cannot be tracked as it stands there."),
  "routing/no-preference": warning("A rule without a preference gets one that nobody chose."),

  // Groups and interfaces
  "group/no-members": warning("A group has too few members to have an effect, or no setting."),
  "group/unknown-member": warning("A member of a group does not exist, or is in another group."),
  "interface/unknown": error("A setting of an interface that does not exist has no effect."),

  // What the instances mean together
  "instance/no-vrid": fatal("`virtual_router_id` is required; it has no default."),
  "instance/duplicate-vrid": fatal("Two virtual routers cannot share a VRID on one interface."),
  "instance/duplicate-name": error("Two instances have one name; the second is ignored."),
  "instance/no-interface": fatal("A virtual router needs an interface."),
  "instance/unknown-interface": fatal("The interface does not exist on this machine."),
  "instance/no-address": fatal("VRRPv3 has no virtual router without an address."),
  "instance/no-address-v2": warning("A virtual router without an address helps nobody."),
  "instance/address-family": error("Virtual addresses of one instance are of one family."),
  "instance/addresses-excluded": warning("Addresses that no packet can carry are not advertised."),
  "instance/strict": warning("Strict mode does not have this; it is reset."),
  "instance/vmac": warning("Keywords of virtual MACs do not fit together."),
  "instance/authentication-ignored": warning("VRRPv3 has no authentication."),
  "instance/authentication-not-implemented": error("`auth_type AH` is not run yet.", 0),
  "instance/password-cut": warning("Passwords have at most 8 bytes; the rest is cut off."),
  "instance/no-password": error("`auth_type PASS` needs an `auth_pass`."),
  "instance/preempt-conflict": warning("Settings about preemption contradict each other."),
  "instance/unicast-without-peers": warning("Unicast without peers falls back to multicast."),
  "instance/own-interface-tracked": warning("The own interface is tracked already."),

  // What several files mean together, as one group of routers
  "group/same-file": warning("One file is given twice; it is looked at once.", 0),
  "group/not-compared": warning("A file that would be refused is not compared with the others.", 0),
  "group/alone": warning("A virtual router is in one of the files and in no other.", 0),
  "group/vrid": error("Routers of one group need the same `virtual_router_id`.", 0),
  "group/vrid-clash": error("Two different virtual routers share a VRID on one network.", 0),
  "group/version": error("Routers of one group need the same version.", 0),
  "group/interval": error("VRRPv2 drops adverts with another `advert_int`.", 0),
  "group/interval-v3": warning("VRRPv3 accepts another `advert_int`; time-outs then vary.", 0),
  "group/authentication": error("Routers of one group need the same password, or none.", 0),
  "group/checksum": warning("Routers of one group compute checksums differently.", 0),
  "group/transport": error("Routers of one group use unicast or the same multicast group.", 0),
  "group/unicast-peer": error("A router does not send to another one of its group.", 0),
  "group/unicast-self": error("A router is its own unicast peer.", 0),
  "group/unicast-stranger": warning("A unicast peer is none of the routers that were given.", 0),
  "group/same-source": error("Two routers send from one address.", 0),
  "group/address-missing": error("An address is lost when another router takes over.", 0),
  "group/address-length": warning("An address has different prefix lengths.", 0),
  "group/address-order": warning("Address lists have different orders.", 0),
  "group/equal-priority": warning("Routers have the same priority.", 0),
  "group/two-owners": error("Two routers own the same addresses (priority 255).", 0),
  "group/nopreempt": warning("`nopreempt` stands on one side only.", 0),
  "group/weight-without-effect": warning("A weight can never cause a fail-over.", 0),
  "group/weights-tie": warning("Weights can make two routers equal, so that nobody takes over.", 0),
  // Virtual servers
  "lvs/address": error("The address or port of a service or server cannot be used."),
  "lvs/range": error("A range of addresses ends before it begins, or is no network."),
  "lvs/family": error("A service and its servers are of one address family, unless tunnelled."),
  "lvs/empty-group": error("A group without usable lines is removed."),
  "lvs/unknown-group": warning("No `virtual_server_group` has this name.", 0),
  "lvs/no-real-servers": error("A virtual server without real servers is ignored."),
  "lvs/duplicate-server": warning("A real server is there twice; the second is removed."),
  "lvs/no-protocol": warning("Without `protocol`, keepalived takes UDP."),
  "lvs/no-scheduler": warning("Without `lb_algo`, keepalived takes wlc."),
  "lvs/no-forwarding": warning("Without `lb_kind`, keepalived takes NAT."),
  "lvs/no-effect": warning("The keyword has no effect on a virtual server of this kind."),
  "lvs/scheduler-flag": warning("A flag of a scheduler that has not been named before it."),
  "lvs/forwarding": error("The forwarding method, or its tunnel, cannot be read."),
  "lvs/ports": warning("Without NAT, a server's port is the service's; another is not used."),
  "lvs/zero-port": warning("A service for all ports is persistent, whether it says so or not."),
  "lvs/quorum": warning("The quorum and the weights of the servers do not fit together."),
  "lvs/sorry-server": warning("A setting about a sorry server stands before it, or without it."),
  "lvs/sorry-inhibit": warning("A real server that is also the sorry server is inhibited as it."),
  "lvs/persistence": error("How clients stay with their server cannot be read."),
  "check/incomplete": error("A check lacks what it is about, and is left out."),
  "check/value": error("A value of a check cannot be read; it is not used."),
  "check/unknown-name": error("A check names a file or session that is not defined before it."),
  "check/address": error("The addresses of a check do not fit together."),
} as const satisfies Record<string, DiagnosticSpec>;

export type DiagnosticCode = keyof typeof diagnosticCodes;

export type Diagnostic = {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence without a full stop. */
  readonly message: string;
  readonly span: Span;
  /** A few words to stand beside the caret. */
  readonly label?: string;
  /** Why, or what happens instead. */
  readonly note?: string;
  /** What to write instead, for people: not always the marked text alone. */
  readonly fix?: string;
  /** The same for a program, where it can be done by one. */
  readonly edit?: FixEdit;
  /** Other places that matter, perhaps in other files: what the marked text does not agree with. */
  readonly related?: readonly RelatedPlace[];
  /** keepalived's own words, without its `(FILE: Line N)`, where they are known. */
  readonly classic?: string;
  /** Where keepalived says it, if that is another line: of a block, often the closing brace. */
  readonly classicAt?: Span;
  /** What keepalived's lower layers say before that. */
  readonly classicBefore?: string;
  /** keepalived names no line for it: it looks when all has been read. */
  readonly unplaced?: true;
  /** Overrides the code's `testExit` where keepalived makes a difference that the code does not. */
  readonly testExit?: number;
};

/** Text of a file and what to put in its place; for an insertion, `replaces` is empty. */
export type FixEdit = {
  readonly span: Span;
  readonly replaces: string;
  readonly text: string;
  /** May be done without anybody looking at it. */
  readonly safe: boolean;
};

export type RelatedPlace = { readonly span: Span; readonly label: string };

export type DiagnosticText = Omit<Diagnostic, "code" | "severity" | "span">;

/** Collects what is found, up to a bound; the same thing at the same place counts once. */
export class DiagnosticSink {
  private readonly found: Diagnostic[] = [];
  private readonly places = new Set<string>();
  /** Text that stands for nothing; what follows from that is not said again. */
  private readonly broken: Span[] = [];

  report(code: DiagnosticCode, span: Span, text: DiagnosticText): void {
    const place = `${code} ${span.start} ${span.end} ${span.file}`;
    if (this.places.has(place) || this.broken.some((each) => overlaps(each, span))) return;
    this.places.add(place);
    // What refuses the file is never lost among what does not.
    const spec: DiagnosticSpec = diagnosticCodes[code];
    const full = this.found.length >= limits.configDiagnosticsMax;
    if (full && (spec.refuses !== true || this.found.some(refuses))) return;
    this.found.push({ code, severity: diagnosticCodes[code].severity, span, ...text });
  }

  /** Reports a place whose text has no meaning, so that nothing else is reported there. */
  reportBroken(code: DiagnosticCode, span: Span, text: DiagnosticText): void {
    this.report(code, span, text);
    if (this.broken.length < limits.configDiagnosticsMax) this.broken.push(span);
  }

  /** Makes an error of what was found at a place, and says why it matters. */
  escalate(span: Span, note: string): void {
    for (const [i, each] of this.found.entries()) {
      if (each.span.file === span.file && each.span.start === span.start)
        this.found[i] = { ...each, severity: "error", note };
    }
  }

  /** True when something has been found with which keepalived would not run at all. */
  refused(): boolean {
    return this.found.some(refuses);
  }

  /** Sorted by file in order of first appearance, then by place. */
  diagnostics(): readonly Diagnostic[] {
    const files = [...new Set(this.found.map((each) => each.span.file))];
    const rank = new Map(files.map((file, i) => [file, i]));
    return [...this.found].sort(
      (a, b) =>
        (rank.get(a.span.file) ?? 0) - (rank.get(b.span.file) ?? 0) || a.span.start - b.span.start,
    );
  }
}

const overlaps = (a: Span, b: Span): boolean =>
  a.file === b.file && a.start < b.end && b.start < a.end;

/** True when keepalived would refuse to run at all with this. */
export function refuses(diagnostic: Diagnostic): boolean {
  const spec: DiagnosticSpec = diagnosticCodes[diagnostic.code];
  return spec.refuses === true;
}
