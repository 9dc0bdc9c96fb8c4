// `understudy status`: asks the running daemon what it does and why, and prints it for people or, with
// --json, as the one JSON object that the daemon answered. Exit code 0, or 2 when nobody answers.

import { renderStatus, type StatusAnswer } from "../observe/status-text.ts";
import { askDaemon, defaultControlSocket } from "./control-client.ts";

export type StatusOptions = {
  readonly json?: boolean;
  /** All running timers, not only the next. */
  readonly timers?: boolean;
  readonly socket?: string;
  /** The daemon's own word for it. */
  readonly controlSocket?: string;
};

/** Prints to stdout, complaints to stderr; resolves to the exit code. */
export async function status(options: StatusOptions): Promise<number> {
  const socket = options.socket ?? options.controlSocket ?? defaultControlSocket;
  const answer = await askDaemon(socket, "status");
  if (!answer.ok) return complain(answer.error);
  const { id: _id, ok: _ok, ...facts } = answer.value;
  if (facts["schema"] !== 1) {
    return complain(
      `the daemon speaks schema ${String(facts["schema"])}, this command 1: use the same version of both`,
    );
  }
  const colour = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;
  const text =
    options.json === true
      ? `${JSON.stringify(facts)}\n`
      : renderStatus(facts as StatusAnswer, { timers: options.timers === true, colour });
  process.stdout.write(text);
  return 0;
}

function complain(sentence: string): number {
  process.stderr.write(`understudy status: ${sentence}\n`);
  return 2;
}
