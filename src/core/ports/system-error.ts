// What the operating system refused, said so that the reader knows what to do. Never a bare number:
// the call, the object it was about, the errno's name and a remedy.

export type SystemError = {
  /** The system call or netlink message: `socket`, `RTM_NEWADDR`. */
  readonly call: string;
  /** What it was about: `raw socket for protocol 112 on eth0`. */
  readonly object: string;
  /** `EPERM`, `ENODEV`, ... */
  readonly code: string;
  /** What the operator can do, where there is something to do. */
  readonly remedy?: string;
};

/** `socket (raw socket for protocol 112 on eth0): EPERM - needs CAP_NET_RAW: ...` */
export const systemErrorText = (error: SystemError): string =>
  `${error.call} (${error.object}): ${error.code}${error.remedy === undefined ? "" : ` - ${error.remedy}`}`;
