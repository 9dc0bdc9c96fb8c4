// The one place that calls libc: a table of signatures, bound when first used, and typed from the same
// table. In go numbers and byte arrays, out comes what C returns; errno is read right after a call.
// Structures are laid out by hand for 64-bit little-endian Linux (x64, arm64), which is checked here.

import { createRequire } from "node:module";
import { assert } from "../../../core/base/assert.ts";

/** Memory that a call reads or fills. koffi passes the array's own memory, without a copy. */
type Memory = Uint8Array | Uint32Array | BigInt64Array | null;

type ValueOf = {
  readonly int: number;
  readonly uint32_t: number;
  readonly long: number;
  readonly "void *": Memory;
  readonly "const char *": string;
};
type ValueType = keyof ValueOf;
type Signature = readonly [
  result: "int" | "long",
  parameters: readonly ValueType[],
  /** The function's name in libc, where it is not the row's. */
  symbol?: string,
];

/**
 * Variadic functions (fcntl, prctl, syscall) take whole numbers like any other on both platforms.
 * Calls that some libc lacks or only pretends to have (musl's sched_setscheduler) go by number.
 */
const signatures = {
  socket: ["int", ["int", "int", "int"]],
  socketpair: ["int", ["int", "int", "int", "void *"]],
  close: ["int", ["int"]],
  bind: ["int", ["int", "void *", "uint32_t"]],
  connect: ["int", ["int", "void *", "uint32_t"]],
  setsockopt: ["int", ["int", "int", "int", "void *", "uint32_t"]],
  send: ["int", ["int", "void *", "uint32_t", "int"]],
  sendto: ["int", ["int", "void *", "uint32_t", "int", "void *", "uint32_t"]],
  sendmmsg: ["int", ["int", "void *", "uint32_t", "int"]],
  recv: ["int", ["int", "void *", "uint32_t", "int"]],
  recvmmsg: ["int", ["int", "void *", "uint32_t", "int", "void *"]],
  read: ["int", ["int", "void *", "uint32_t"]],
  write: ["int", ["int", "void *", "uint32_t"]],
  epoll_create1: ["int", ["int"]],
  epoll_ctl: ["int", ["int", "int", "int", "void *"]],
  epoll_wait: ["int", ["int", "void *", "int", "int"]],
  ppoll: ["int", ["void *", "uint32_t", "void *", "void *"]],
  eventfd: ["int", ["uint32_t", "int"]],
  clock_gettime: ["int", ["int", "void *"]],
  unshare: ["int", ["int"]],
  setns: ["int", ["int", "int"]],
  prctl: ["int", ["int", "long", "long", "long", "long"]],
  execv: ["int", ["const char *", "void *"]],
  _exit: ["int", ["int"]],
  setrlimit: ["int", ["int", "void *"]],
  fcntl: ["int", ["int", "int", "void *"]],
  sched_setscheduler: ["long", ["long", "int", "int", "void *"], "syscall"],
  epoll_pwait2: ["long", ["long", "int", "void *", "int", "void *", "void *", "long"], "syscall"],
} as const satisfies Record<string, Signature>;

type ValuesOf<Types extends readonly ValueType[]> = {
  -readonly [place in keyof Types]: ValueOf[Types[place]];
};

/** What every function of the table is in TypeScript. */
export type Libc = {
  readonly [name in keyof typeof signatures]: (
    ...values: ValuesOf<(typeof signatures)[name][1]>
  ) => number;
} & {
  /** errno of the last call that failed; any other call may change it. */
  errno(): number;
  /** Where an array's memory lies; it stays there as long as the array is referenced. */
  address(memory: Uint8Array): bigint;
};

/** What keeps this machine from running Understudy, in the fields of a SystemError. */
export type PlatformProblem = {
  readonly call: string;
  readonly object: string;
  readonly code: string;
  readonly remedy: string;
};

/** Undefined when nothing does. */
export function platformProblem(): PlatformProblem | undefined {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform !== "linux") {
    return {
      call: "start",
      object: platform,
      code: "ENOSYS",
      remedy: "the daemon needs Linux (raw sockets and netlink); `understudy check` works anywhere",
    };
  }
  if (process.arch !== "x64" && process.arch !== "arm64") {
    return {
      call: "start",
      object: platform,
      code: "ENOSYS",
      remedy: "structure layouts are known for x64 and arm64 only",
    };
  }
  if (bound === undefined) {
    try {
      bound = bindAll();
    } catch (reason) {
      return {
        call: "load",
        object: `koffi for ${platform}`,
        code: "ENOENT",
        remedy: `run \`npm install --include=optional\`, which brings koffi's binary (${firstLine(reason)})`,
      };
    }
  }
  return undefined;
}

/** The functions. Ask `platformProblem` first where the platform is not known to be good. */
export function libc(): Libc {
  if (bound === undefined) {
    const problem = platformProblem();
    assert(
      problem === undefined && bound !== undefined,
      `libc is there: ${problem?.object} ${problem?.remedy}`,
    );
  }
  return bound;
}

/** The numbers by which system calls are made that go through `syscall`. */
export const systemCall =
  process.arch === "arm64"
    ? ({ schedSetscheduler: 119, epollPwait2: 441 } as const)
    : ({ schedSetscheduler: 144, epollPwait2: 441 } as const);

let bound: Libc | undefined;

function bindAll(): Libc {
  // Loaded here and not imported, so that a machine without the binary gets words, not a stack.
  const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
  const library = koffi.load(null);
  const functions = Object.entries(signatures).map(([name, signature]: [string, Signature]) => {
    const [result, parameters, symbol] = signature;
    return [name, library.func(symbol ?? name, result, [...parameters])];
  });
  return {
    ...(Object.fromEntries(functions) as Libc),
    errno: () => koffi.errno(),
    address: (memory) => koffi.address(memory),
  };
}

const firstLine = (reason: unknown): string =>
  (reason instanceof Error ? reason.message : String(reason)).split("\n")[0] ?? "";
