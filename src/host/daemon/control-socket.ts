// Where other programs of this machine ask the daemon: a unix stream socket, one JSON request a line,
// one JSON answer a line. Only its owner may connect. Requests, connections and idle time are bounded.

import { chmodSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { err, ok, type Result } from "../../core/base/result.ts";
import { systemErrorText } from "../../core/ports/system-error.ts";
import { fileError, makeFolderOf, removeFile } from "./files.ts";

export type ControlRequest = { readonly id?: unknown; readonly command: string };

/** Answers a command; undefined for one that is not known. */
export type ControlAnswers = (
  request: ControlRequest,
) => Promise<Readonly<Record<string, unknown>> | undefined>;

const requestLengthMax = 64 * 1024;
const connectionsMax = 32;
/** A client that says nothing for so long is hung up on, ms. */
const idleMax = 60_000;

export interface ControlSocket {
  close(): void;
}

/** Listens at `path`, taking the place of a socket whose daemon is dead. The error is a log line. */
export async function openControlSocket(
  path: string,
  answers: ControlAnswers,
): Promise<Result<ControlSocket, string>> {
  const folder = makeFolderOf(path);
  if (!folder.ok) return err(systemErrorText(folder.error));
  if (await isAnswered(path)) {
    return err(`control socket ${path} belongs to another daemon; choose one by --control-socket`);
  }
  removeFile(path);
  const server = createServer((socket) => serve(socket, answers));
  server.maxConnections = connectionsMax;
  const listening = await listen(server, path);
  if (!listening.ok) return listening;
  server.unref();
  return ok({
    close: () => {
      server.close();
      removeFile(path);
    },
  });
}

function listen(server: Server, path: string): Promise<Result<void, string>> {
  // The socket is made within `listen`, so that nobody else can connect before chmod.
  const before = process.umask(0o177);
  return new Promise((resolve) => {
    server.once("error", (reason) =>
      resolve(err(systemErrorText(fileError("listen", path, reason)))),
    );
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve(ok(undefined));
    });
    process.umask(before);
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.on("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
  });
}

function serve(socket: Socket, answers: ControlAnswers): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.setTimeout(idleMax, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > requestLengthMax) socket.destroy();
    for (const line of lines) {
      void answerLine(line, answers).then((answer) => {
        if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
      });
    }
  });
}

async function answerLine(
  line: string,
  answers: ControlAnswers,
): Promise<Readonly<Record<string, unknown>>> {
  const request = requestOf(line);
  if (request === undefined) return { ok: false, error: "not a request: expected a JSON object" };
  const { id } = request;
  try {
    const answer = await answers(request);
    if (answer === undefined) return { id, ok: false, error: `unknown command ${request.command}` };
    return { id, ok: true, schema: 1, ...answer };
  } catch (reason) {
    return { id, ok: false, error: reason instanceof Error ? reason.message : String(reason) };
  }
}

function requestOf(line: string): ControlRequest | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== "object" || parsed === null || !("command" in parsed)) return undefined;
    const { command } = parsed;
    if (typeof command !== "string") return undefined;
    return "id" in parsed ? { id: parsed.id, command } : { command };
  } catch {
    return undefined;
  }
}
