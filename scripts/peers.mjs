// The programs that tests and measurements are held against: real keepalived, tcpdump, and the tools
// of iproute2 and iputils. Installs Debian's packages when they are missing and this is root;
// otherwise says what is missing, and what needs it is reported as not run.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Which package brings which program. */
const packages = {
  keepalived: "keepalived",
  tcpdump: "tcpdump",
  tshark: "tshark",
  iproute2: "ip",
  "iputils-ping": "ping",
  "iputils-arping": "arping",
  "util-linux": "nsenter",
};

/** Returns the names of the programs, of those wanted, that are still missing afterwards. */
export function installPeers(wanted = Object.values(packages)) {
  const missing = Object.entries(packages).filter(
    ([, program]) => wanted.includes(program) && !isThere(program),
  );
  if (missing.length === 0) return [];
  const names = missing.map(([name]) => name);
  if (process.getuid?.() !== 0 || !isThere("apt-get")) {
    say(`not installed: ${names.join(", ")} (install them, or run this as root on Debian)`);
    return missing.map(([, program]) => program);
  }
  say(`installing ${names.join(", ")} ...`);
  apt(["update"]);
  apt(["install", "-y", "--no-install-recommends", ...names]);
  const still = missing.map(([, program]) => program).filter((program) => !isThere(program));
  if (still.length > 0) say(`could not install: ${still.join(", ")}`);
  return still;
}

function apt(args) {
  const done = spawnSync("apt-get", ["-q", ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    encoding: "utf8",
  });
  if (done.status !== 0) say(`apt-get ${args.join(" ")} failed:\n${done.stdout}${done.stderr}`);
}

/** True when PATH, or one of the folders for root's programs, has it. */
function isThere(program) {
  const folders = `${process.env.PATH ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`.split(":");
  return folders.some((folder) => existsSync(join(folder, program)));
}

function say(text) {
  process.stderr.write(`understudy: ${text}\n`);
}
