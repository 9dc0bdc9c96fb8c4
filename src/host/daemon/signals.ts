// Signals as keepalived's parent takes them. Node names no real-time signals, though they are how
// keepalived is asked for its JSON dump (SIGRTMIN+2) and for clearing its counters (SIGRTMAX-1), and
// unheard they end the process. libuv takes any number, so its watcher behind process.on is used.

export type SignalActions = {
  readonly stop: () => void;
  readonly reload: () => void;
  readonly dumpData: () => void;
  readonly dumpStats: () => void;
  readonly dumpJson: () => void;
  readonly clearStats: () => void;
  /** The kernel says that a real-time thread of ours never waits. */
  readonly realtimeLimit: () => void;
};

/** SIGRTMIN + 2 and SIGRTMAX - 1, the same with glibc and musl as keepalived counts them. */
const realtimeSignals = { json: 36, statsClear: 63 } as const;

/** Starts listening; false when real-time signals cannot be heard on this Node. */
export function listenToSignals(actions: SignalActions, ignoreInterrupt: boolean): boolean {
  process.on("SIGTERM", actions.stop);
  process.on("SIGINT", ignoreInterrupt ? () => {} : actions.stop);
  process.on("SIGHUP", actions.reload);
  process.on("SIGUSR1", actions.dumpData);
  process.on("SIGUSR2", actions.dumpStats);
  process.on("SIGXCPU", actions.realtimeLimit);
  const heard = [
    listenToNumber(realtimeSignals.json, actions.dumpJson),
    listenToNumber(realtimeSignals.statsClear, actions.clearStats),
  ];
  return heard.every(Boolean);
}

interface SignalWatcher {
  onsignal: (signal: number) => void;
  start(signal: number): number;
  unref(): void;
}

type SignalBinding = { readonly Signal?: new () => SignalWatcher };

/** Kept for the life of the process: a collected watcher hears nothing. */
const watchers: SignalWatcher[] = [];

function listenToNumber(signal: number, action: () => void): boolean {
  const Watcher = signalBinding()?.Signal;
  if (Watcher === undefined) return false;
  const watcher = new Watcher();
  watcher.onsignal = action;
  watcher.unref();
  watchers.push(watcher);
  return watcher.start(signal) === 0;
}

/** Node's own way to libuv. It is deprecated without a successor, hence the silence and the doubt. */
function signalBinding(): SignalBinding | undefined {
  const host = process as typeof process & { binding?: (name: string) => unknown };
  const before = process.noDeprecation;
  process.noDeprecation = true;
  try {
    return host.binding?.("signal_wrap") as SignalBinding | undefined;
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = before ?? false;
  }
}
