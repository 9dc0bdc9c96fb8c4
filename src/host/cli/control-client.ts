// One question to a running daemon over its control socket: a JSON line there, a JSON line back. What
// goes wrong comes back as a sentence that says what to do. The answer's size and the wait are bounded.

import { connect } from "node:net";
import { limits } from "../../core/base/limits.ts";
import { err, ok, type Result } from "../../core/base/result.ts";

export const defaultControlSocket = "/run/understudy/control.sock";

/** Longest wait for an answer, ms; the daemon answers within one turn of its loop. */
const patienceMs = 5_000;

/** The daemon's answer as it came, or why there is none. */
export function askDaemon(
  socketPath: string,
  command: string,
): Promise<Result<Readonly<Record<string, unknown>>, string>> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (result: Result<Readonly<Record<string, unknown>>, string>) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(patienceMs, () =>
      finish(
        err(`the daemon behind ${socketPath} does not answer (waited ${patienceMs / 1_000} s)`),
      ),
    );
    socket.on("connect", () => socket.write(`${JSON.stringify({ id: 1, command })}\n`));
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limits.controlAnswerMax) finish(err("the daemon's answer is too long"));
      else if (chunk.includes(0x0a)) finish(readAnswer(Buffer.concat(chunks).toString("utf8")));
    });
    socket.on("end", () => finish(err(`the daemon behind ${socketPath} closed without an answer`)));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      finish(err(connectProblem(socketPath, error))),
    );
  });
}

function readAnswer(text: string): Result<Readonly<Record<string, unknown>>, string> {
  let answer: unknown;
  try {
    answer = JSON.parse(text.slice(0, text.indexOf("\n")));
  } catch {
    return err("the daemon's answer is not JSON: is this socket understudyd's?");
  }
  if (typeof answer !== "object" || answer === null) return err("the daemon's answer is empty");
  const fields = answer as Readonly<Record<string, unknown>>;
  if (fields["ok"] === true) return ok(fields);
  return err(`the daemon refuses: ${String(fields["error"] ?? "no reason given")}`);
}

function connectProblem(socketPath: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case "ENOENT":
    case "ECONNREFUSED":
      return `no daemon listens on ${socketPath}: start understudyd, or name its socket with --socket`;
    case "EACCES":
    case "EPERM":
      return `no permission to use ${socketPath}: run this as root (sudo understudy status)`;
    default:
      return `cannot reach ${socketPath}: ${error.code ?? error.message}`;
  }
}
