// Configuration texts for the routers of a lab: one vrrp_instance in a line each, with what the test
// is about and nothing else. Version 3 at 0.1 s unless said otherwise, because tests should not wait.

export type InstanceOptions = {
  readonly name?: string;
  readonly version?: 2 | 3;
  readonly vrid?: number;
  readonly priority: number;
  readonly state?: "MASTER" | "BACKUP";
  readonly interfaceName?: string;
  /** Seconds. */
  readonly interval?: number;
  readonly addresses?: readonly string[];
  /** Further lines of the block. */
  readonly lines?: readonly string[];
};

/** The address that lab tests share when one is enough. */
export const virtualAddress = "192.168.254.100";

export function instanceText(options: InstanceOptions): string {
  const version = options.version ?? 3;
  const addresses = options.addresses ?? [`${virtualAddress}/24`];
  const lines = [
    `state ${options.state ?? "BACKUP"}`,
    `interface ${options.interfaceName ?? "eth0"}`,
    `version ${version}`,
    `virtual_router_id ${options.vrid ?? 51}`,
    `priority ${options.priority}`,
    `advert_int ${options.interval ?? (version === 2 ? 1 : 0.1)}`,
    ...(options.lines ?? []),
    "virtual_ipaddress {",
    ...addresses.map((address) => `    ${address}`),
    "}",
  ];
  const block = lines.map((line) => `    ${line}\n`).join("");
  return `vrrp_instance ${options.name ?? "VI_1"} {\n${block}}\n`;
}

/** The lines of a unicast instance. */
export const unicastLines = (source: string, peers: readonly string[]): readonly string[] => [
  `unicast_src_ip ${source}`,
  "unicast_peer {",
  ...peers.map((peer) => `    ${peer}`),
  "}",
];

export const passwordLines = (password: string): readonly string[] => [
  "authentication {",
  "    auth_type PASS",
  `    auth_pass ${password}`,
  "}",
];

/** Master_Down_Interval in ms (RFC 9568 section 6.1; for v2 the skew is of one second). */
export function masterDownMs({ priority, version = 3, interval }: InstanceOptions): number {
  const intervalMs = (interval ?? (version === 2 ? 1 : 0.1)) * 1000;
  return 3 * intervalMs + skewMs(priority, version === 2 ? 1000 : intervalMs);
}

export const skewMs = (priority: number, intervalMs: number): number =>
  ((256 - priority) * intervalMs) / 256;
