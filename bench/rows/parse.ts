// How long `-t` takes on a large file, and how much memory: the whole process, from exec to its end,
// in a network namespace of its own that has the interfaces. Ten thousand instances on forty
// interfaces, and one virtual server of so many lines that each of its real servers is five of them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";
import type { ContenderName } from "../contender.ts";

export type ParseRow = {
  /** ms from the start of the process to its end. */
  readonly time: number;
  /** MB, the largest resident set seen. */
  readonly memory: number;
};

const interfaces = 40;

export function instancesText(count: number): string {
  const blocks = Array.from({ length: count }, (_, i) => {
    const net = `10.${i >> 8}.${i & 255}`;
    return `vrrp_instance VI_${i} {
    state BACKUP
    interface eth${i % interfaces}
    virtual_router_id ${Math.floor(i / interfaces) + 1}
    priority 100
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    track_interface {
        eth${(i + 1) % interfaces}
    }
    virtual_ipaddress {
        ${net}.1/24
        ${net}.2/24
    }
}
`;
  });
  return blocks.join("");
}

export function realServersText(lines: number): string {
  const servers = Array.from({ length: Math.floor(lines / 6) }, (_, i) => {
    const address = `192.${168 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
    return `    real_server ${address} 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
        }
    }
`;
  });
  return `virtual_server 10.0.0.1 80 {
    delay_loop 6
    lb_algo rr
    lb_kind NAT
    protocol TCP
${servers.join("")}}
`;
}

const understudyd = fileURLToPath(new URL("../../../bin/understudyd", import.meta.url));

const script = `ip link set lo up
for i in $(seq 0 2 ${interfaces - 2}); do ip link add eth$i type veth peer name eth$((i+1)); done
echo ready; read -r go; exec "$@"`;

/** One `-t`; throws when it finds fault with the file. */
export async function measureParse(
  bench: Bench,
  name: ContenderName,
  text: string,
): Promise<ParseRow> {
  const conf = join(bench.folder, "parse.conf");
  writeFileSync(conf, text);
  const program = name === "understudy" ? understudyd : "keepalived";
  const test = [program, `--config-test=${join(bench.folder, "parse.log")}`, "-f", conf];
  const child = spawn("unshare", ["--net", "sh", "-c", script, "sh", ...test], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const started = performance.now();
  child.stdin.end("go\n");
  let memory = 0;
  const watch = setInterval(() => {
    memory = Math.max(memory, residentPeak(child.pid ?? 0));
  }, 10);
  const [code] = await once(child, "exit");
  const time = performance.now() - started;
  clearInterval(watch);
  if (code !== 0) throw new Error(`${name} -t ends with ${code}`);
  return { time, memory };
}

/** MB; the kernel keeps the peak until the process is gone. */
function residentPeak(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
