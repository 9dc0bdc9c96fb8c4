// Entry point of `understudyd`, the drop-in for keepalived's daemon. Everything is in host/daemon.

import { daemonCommand, exitNow } from "../daemon/command.ts";

const code = await daemonCommand(process.argv.slice(2), { program: "understudyd" });
// Handles that are still open, such as signal watchers, must not keep a stopped daemon alive.
exitNow(code);
