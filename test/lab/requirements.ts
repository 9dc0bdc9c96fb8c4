// What a test on real namespaces needs of the machine, as the reason to skip it by. Ours can be
// played by a keepalived (UNDERSTUDY_STAND_IN=keepalived) to tell a fault of a test from a fault of
// the daemon: what a real keepalived does not pass either is likely a wrong test.

import { labObstacle, run } from "../../src/host/lab/namespaces.ts";
import { keepalivedPath, type RouterProgram } from "../../src/host/lab/router-process.ts";

/** The daemon under test. */
export const ours: RouterProgram =
  process.env["UNDERSTUDY_STAND_IN"] === "keepalived" ? "keepalived" : "understudy";

/** For node:test's `skip`: the reason, or false. */
export const skipWithoutLab: string | false = labObstacle() ?? false;

export const skipWithoutKeepalived: string | false =
  skipWithoutLab || (keepalivedPath() === undefined ? "keepalived is not installed" : false);

export const skipWithoutTcpdump: string | false =
  skipWithoutLab ||
  (run(["tcpdump", "--version"]).status !== 0 ? "tcpdump is not installed" : false) ||
  (process.env["UNDERSTUDY_USER_NAMESPACE"] !== undefined
    ? "tcpdump cannot give up its privileges in a user namespace"
    : false);

/** What only our own daemon does: not for the stand-in. */
export const skipForStandIn: string | false =
  skipWithoutLab || (ours === "keepalived" ? "the stand-in does not do this" : false);
