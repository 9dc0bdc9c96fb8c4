// Which of the 192 conformance rules have to be proven now, and why the others have not. A rule that
// comes into scope moves from the second list into the first by deleting its line there.

const groupSizes = { A: 29, B: 29, C: 12, D: 8, E: 21, F: 25, I: 27 } as const;

/** Rules that no test has to cite yet, each with the reason. */
export const rulesOutOfScope: Readonly<Record<string, string>> = {
  ...ids("A02 A04 A07 A19 A22 B02 B14 C07 D03 E02 E03 E09 F02 F03 F04", "IPv6 comes later"),
  ...ids("A24 A25 A26 E04 F05 I22", "the virtual MAC (use_vmac) comes later"),
  ...ids("A05 I21 I24", "the kernel's duty: nothing here forwards packets"),
  ...ids("C06 F07 I19", "not accepting packets needs a packet filter, which comes later"),
  ...ids("B18", "SNMP comes later"),
  ...ids("I26", "the authentication header comes later"),
};

/** Every rule of the groups for IPv4 that a test name or a scenario header must cite. */
export const rulesInScope: readonly string[] = Object.entries(groupSizes)
  .flatMap(([group, size]) =>
    Array.from({ length: size }, (_, i) => `${group}${String(i + 1).padStart(2, "0")}`),
  )
  .filter((id) => !(id in rulesOutOfScope));

function ids(list: string, reason: string): Record<string, string> {
  return Object.fromEntries(list.split(" ").map((id) => [id, reason]));
}
