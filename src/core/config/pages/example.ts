// What a diagnostic's page shows: a configuration that is wrong, why, and the same put right. The
// examples are real: test/config/pages.test.ts reads each of them with the product's own reader.

export type DiagnosticExample = {
  /** Why it matters, in one to three sentences for the person who wrote the file. */
  readonly why: string;
  readonly wrong: ExampleFiles;
  readonly right: ExampleFiles;
  /** Files that stand beside both, by path. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Found only where the machine is known; the page then says what machine it is. */
  readonly machine?: true;
};

/** The text of keepalived.conf, or of r1.conf, r2.conf and so on: one group of routers. */
export type ExampleFiles = string | readonly string[];

/** Examples of some codes, by code. */
export type DiagnosticExamples = Readonly<Record<string, DiagnosticExample>>;

/** What the machine is like on which examples with `machine` are read. */
export const exampleMachine =
  "the only interface is eth0, the only users are root and web, `/usr/local/bin/check` is root's " +
  "with mode 0755 and `/srv/web/check` is web's";

/** An instance that is complete without `lines`, which come last. */
export const instance = (...lines: readonly string[]): string => named("VI_1", 51, ...lines);

/** The same with another name and VRID; its address ends as its VRID. */
export const named = (name: string, vrid: number, ...lines: readonly string[]): string =>
  withoutAddress(
    name,
    vrid,
    "virtual_ipaddress {",
    `  192.0.2.${vrid === 51 ? 10 : vrid}`,
    "}",
    ...lines,
  );

/** An instance without addresses. */
export const withoutAddress = (name: string, vrid: number, ...lines: readonly string[]): string =>
  block(`vrrp_instance ${name}`, "interface eth0", `virtual_router_id ${vrid}`, ...lines);

/** A block of lines, each indented by two spaces. */
export const block = (opening: string, ...lines: readonly string[]): string =>
  `${opening} {\n${lines
    .flatMap((line) => line.split("\n"))
    .filter((line) => line !== "")
    .map((line) => `  ${line}\n`)
    .join("")}}\n`;
