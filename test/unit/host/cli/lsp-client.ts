// An editor for tests: starts `understudy lsp`, speaks the protocol with it over stdio, and waits for
// what it says.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type {
  Diagnostic,
  InitializeResult,
  MessageConnection,
  PublishDiagnosticsParams,
} from "vscode-languageserver/node";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

/** This file runs from dist/test/unit/host/cli. */
const program = fileURLToPath(new URL("../../../../../bin/understudy", import.meta.url));

/** A server that has not answered by then is stuck, ms. */
const patience = 20_000;

export type Answer = {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
};

export class LspClient {
  readonly connection: MessageConnection;
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly published: PublishDiagnosticsParams[] = [];
  /** Everything the server has said, with its frames. */
  private heard = "";
  private waiting: (() => void) | undefined;
  private version = 0;

  constructor() {
    this.child = spawn(process.execPath, [program, "lsp", "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const { stdin, stdout } = this.child;
    if (stdin === null || stdout === null) throw new Error("no pipes to the server");
    this.exited = new Promise((resolve) => this.child.once("exit", resolve));
    this.connection = createMessageConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    stdout.on("data", (chunk: Buffer) => {
      this.heard += chunk.toString();
      setImmediate(() => this.waiting?.());
    });
    this.connection.onNotification("textDocument/publishDiagnostics", (params) => {
      this.published.push(params);
      this.waiting?.();
    });
    this.connection.listen();
  }

  /** Greets the server as an editor with all abilities, or with none. */
  async start(capabilities: object = allAbilities): Promise<InitializeResult> {
    const params = {
      processId: process.pid,
      rootUri: null,
      capabilities,
      initializationOptions: { configId: "router-1" },
    };
    const result = await this.ask<InitializeResult>("initialize", params);
    await this.connection.sendNotification("initialized", {});
    return result;
  }

  ask<Reply>(method: string, params: object): Promise<Reply> {
    return this.connection.sendRequest(method, params);
  }

  async open(uri: string, text: string): Promise<void> {
    const textDocument = { uri, languageId: "keepalived", version: ++this.version, text };
    await this.connection.sendNotification("textDocument/didOpen", { textDocument });
  }

  /** Sends changes as one new version, and returns its number. */
  async change(uri: string, ...contentChanges: readonly object[]): Promise<number> {
    const textDocument = { uri, version: ++this.version };
    const params = { textDocument, contentChanges };
    await this.connection.sendNotification("textDocument/didChange", params);
    return this.version;
  }

  /**
   * Sends messages in one piece, so that the server has all of them when it begins with the first,
   * and resolves to the answer to the request with this id.
   */
  async together(id: string, ...messages: readonly object[]): Promise<Answer> {
    const frames = messages.map((message) => {
      const content = JSON.stringify({ jsonrpc: "2.0", ...message });
      return `Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;
    });
    this.child.stdin?.write(frames.join(""));
    for (;;) {
      const found = /\{[^\r\n]*\}/g;
      for (const [content] of this.heard.matchAll(found)) {
        const message = JSON.parse(content) as Answer & { readonly id?: unknown };
        if (message.id === id) return message;
      }
      await this.somethingHeard();
    }
  }

  private async somethingHeard(): Promise<void> {
    await Promise.race([
      new Promise<void>((resolve) => {
        this.waiting = resolve;
      }),
      this.exited.then(() => {
        throw new Error("the server ended before it said what was waited for");
      }),
    ]);
  }

  /** The next diagnostics of a document, of one version where one is named. */
  async diagnostics(uri: string, version?: number): Promise<readonly Diagnostic[]> {
    const deadline = setTimeout(() => this.child.kill(), patience);
    try {
      for (;;) {
        const at = this.published.findIndex(
          (each) => each.uri === uri && (version === undefined || each.version === version),
        );
        if (at >= 0) return this.published.splice(at, 1)[0]?.diagnostics ?? [];
        await this.somethingHeard();
      }
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Everything published so far and not yet taken. */
  publishedVersions(uri: string): readonly (number | undefined)[] {
    return this.published.filter((each) => each.uri === uri).map(({ version }) => version);
  }

  /** Says goodbye; the exit status of the server. */
  async stop(): Promise<number | null> {
    await this.ask("shutdown", {});
    await this.connection.sendNotification("exit");
    const status = await this.exited;
    this.connection.dispose();
    return status;
  }

  /** Ends a server that perhaps did not end itself. */
  kill(): void {
    this.child.kill();
  }
}

const allAbilities = {
  textDocument: {
    completion: { completionItem: { snippetSupport: true } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    rename: { prepareSupport: true },
  },
};
