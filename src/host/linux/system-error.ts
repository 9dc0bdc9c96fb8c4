// What the system refused, in words: an errno becomes a SystemError with the call, the object and what
// the operator can do. Remedies depend on the call, since EPERM of a raw socket and EPERM of a netlink
// request want different capabilities.

import type { SystemError } from "../../core/ports/system-error.ts";
import { errnoName } from "./ffi/errno.ts";
import { libc } from "./ffi/libc.ts";

/** What kind of object was refused; it selects the remedy. */
export type SystemArea = "raw" | "packet" | "netlink" | "realtime" | "namespace" | "local";

/** The error of the call that has just failed: reads errno, so nothing may come between. */
export const lastError = (call: string, object: string, area: SystemArea): SystemError =>
  systemError(call, object, area, libc().errno());

/** `words` are the kernel's own, where it sent any; they come before our remedy. */
export function systemError(
  call: string,
  object: string,
  area: SystemArea,
  errno: number,
  words?: string,
): SystemError {
  const code = errnoName(errno);
  const ours = remedies[area][`${call} ${code}`] ?? remedies[area][code] ?? common[code];
  const remedy = [words, ours].filter((part) => part !== undefined).join("; ");
  return remedy === "" ? { call, object, code } : { call, object, code, remedy };
}

const needs = (capability: string): string =>
  `needs ${capability}: run with sudo, or grant it to the unit (AmbientCapabilities=${capability})`;

const rawRemedies = {
  EPERM: needs("CAP_NET_RAW"),
  EACCES: needs("CAP_NET_RAW"),
  EPROTONOSUPPORT: "the kernel has no raw sockets of this protocol",
  EAFNOSUPPORT: "the kernel has no support for this address family",
} as const;

const common: Readonly<Record<string, string>> = {
  ENODEV: "the interface does not exist (any more); compare with `ip link`",
  ENXIO: "the interface does not exist (any more); compare with `ip link`",
  ENETDOWN: "the interface is down; `ip link set up dev` brings it up",
  ENETUNREACH: "no route to the destination; is there an address on the interface?",
  EHOSTUNREACH: "no route to the destination; is there an address on the interface?",
  EADDRNOTAVAIL: "the address is not on this machine",
  EADDRINUSE: "another socket already has this address",
  ENOBUFS: "the kernel's buffers are full; a longer txqueuelen or larger net.core limits help",
  ENOMEM: "the kernel has no memory left; net.core.optmem_max may be too small",
  EMFILE: "too many open files; raise LimitNOFILE= of the unit",
  ENFILE: "too many open files on the whole machine; raise fs.file-max",
  EAGAIN: "the socket's buffer is full; the link does not send fast enough",
  EMSGSIZE: "longer than the interface's MTU",
  ENOSYS: "the kernel is too old for this call",
};

/** By errno, or by call and errno where the call makes the difference. */
const remedies: Readonly<Record<SystemArea, Readonly<Record<string, string>>>> = {
  raw: {
    ...rawRemedies,
    "setsockopt IP_ADD_MEMBERSHIP ENOBUFS":
      "no room for another multicast membership; raise net.ipv4.igmp_max_memberships",
  },
  packet: rawRemedies,
  netlink: {
    EPERM: needs("CAP_NET_ADMIN"),
    EACCES: "the interface refuses this address family; see net.ipv6.conf.*.disable_ipv6",
    EINVAL: "the kernel does not accept this address; see prefix length, label and scope",
    EAGAIN: "the kernel did not answer within 2 s",
    ENOBUFS: "netlink's receive buffer was too small; raise net.core.rmem_max",
  },
  realtime: {
    EPERM: "needs CAP_SYS_NICE, or LimitRTPRIO= in the unit, and real-time budget in its cgroup",
    EINVAL: "a real-time priority is 1 to 99",
  },
  namespace: {
    EPERM: needs("CAP_SYS_ADMIN"),
    ENOENT: "there is no such namespace; compare with `ip netns list`",
    EINVAL: "the file is not a network namespace",
  },
  local: {
    EACCES: "the file's permissions do not allow it",
    ENOENT: "nobody listens there",
    ECONNREFUSED: "nobody listens there",
  },
};
