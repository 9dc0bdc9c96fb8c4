// `understudy lsp`: a language server for keepalived.conf over standard input and output. Here is the
// conversation alone: which messages are answered by what. Work that has become stale is not done: a
// request that was cancelled, or whose document changed before its turn, is answered with that.

import { hostname } from "node:os";
import type {
  CancellationToken,
  Connection,
  InitializeParams,
  InitializeResult,
} from "vscode-languageserver";
import type { Result } from "../../core/base/result.ts";
import { version } from "../daemon/version.ts";
import { LspAnswers } from "./lsp-answers.ts";
import { LspDocuments } from "./lsp-documents.ts";

type Protocol = typeof import("vscode-languageserver/node");

/** Between the last key and the diagnostics, ms: short for people, long for a reader of large files. */
const diagnosticsDelay = 150;

/** Serves until the editor says `exit` or closes the pipe, which ends the process. */
export async function lspCommand(): Promise<number> {
  const protocol = await import("vscode-languageserver/node");
  const connection = protocol.createConnection(process.stdin, process.stdout);
  new LspConversation(protocol, connection).listen();
  return 0;
}

/** The connection takes one waiting message in each turn, in the second one the next. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

class LspConversation {
  private readonly protocol: Protocol;
  private readonly connection: Connection;
  private readonly documents = new LspDocuments(hostname().split(".")[0] ?? "");
  private readonly answers = new LspAnswers(this.documents);
  private diagnosticsTimer: NodeJS.Timeout | undefined;
  private watchesFiles = false;

  constructor(protocol: Protocol, connection: Connection) {
    this.protocol = protocol;
    this.connection = connection;
  }

  listen(): void {
    const { connection } = this;
    connection.onInitialize((params) => this.initialize(params));
    connection.onInitialized(() => this.watchFiles());
    this.listenToDocuments();
    this.listenToQuestions();
    connection.listen();
  }

  private initialize({ capabilities, initializationOptions }: InitializeParams): InitializeResult {
    const { textDocument, workspace } = capabilities;
    this.answers.abilities = {
      snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
      nestedSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    };
    this.watchesFiles = workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    const options: unknown = initializationOptions;
    if (typeof options === "object" && options !== null && "configId" in options) {
      if (typeof options.configId === "string" && options.configId !== "")
        this.documents.configId = options.configId;
    }
    return {
      serverInfo: { name: "understudy", version },
      capabilities: {
        textDocumentSync: {
          openClose: true,
          change: this.protocol.TextDocumentSyncKind.Incremental,
        },
        completionProvider: { triggerCharacters: ["$", "/"] },
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: { prepareProvider: true },
        codeActionProvider: { codeActionKinds: ["quickfix", "source.fixAll"] },
        documentFormattingProvider: true,
        documentSymbolProvider: true,
      },
    };
  }

  /** Included files may change on disk, without an editor that has them open. */
  private watchFiles(): void {
    if (!this.watchesFiles) return;
    const watchers = [{ globPattern: "**/*.conf" }];
    this.connection.client
      .register(this.protocol.DidChangeWatchedFilesNotification.type, { watchers })
      .catch((error) => this.connection.console.error(String(error)));
  }

  private listenToDocuments(): void {
    const { connection, documents } = this;
    connection.onDidOpenTextDocument(({ textDocument }) => {
      documents.put(textDocument.uri, textDocument.version, textDocument.text);
      this.planDiagnostics();
    });
    connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
      documents.change(textDocument.uri, textDocument.version, contentChanges);
      this.planDiagnostics();
    });
    connection.onDidCloseTextDocument(async ({ textDocument }) => {
      documents.close(textDocument.uri);
      this.planDiagnostics();
      await connection.sendDiagnostics({ uri: textDocument.uri, diagnostics: [] });
    });
    connection.onDidChangeWatchedFiles(() => {
      documents.invalidate();
      this.planDiagnostics();
    });
  }

  private listenToQuestions(): void {
    const { connection, answers } = this;
    connection.onCompletion(
      this.timely(({ textDocument, position }) => answers.completion(textDocument.uri, position)),
    );
    connection.onHover(
      this.timely(({ textDocument, position }) => answers.hover(textDocument.uri, position)),
    );
    connection.onDefinition(
      this.timely(({ textDocument, position }) => answers.definition(textDocument.uri, position)),
    );
    connection.onReferences(
      this.timely(({ textDocument, position, context }) =>
        answers.references(textDocument.uri, position, context.includeDeclaration),
      ),
    );
    connection.onPrepareRename(
      this.timely(({ textDocument, position }) => answers.renamed(textDocument.uri, position)),
    );
    connection.onRenameRequest(
      this.timely(({ textDocument, position, newName }) =>
        this.orRefusal(answers.rename(textDocument.uri, position, newName)),
      ),
    );
    connection.onCodeAction(
      this.timely(({ textDocument, range, context }) =>
        answers.codeActions(textDocument.uri, range, context.only),
      ),
    );
    connection.onDocumentFormatting(
      this.timely(({ textDocument }) => this.orRefusal(answers.formatted(textDocument.uri))),
    );
    connection.onDocumentSymbol(
      this.timely(({ textDocument }) => answers.symbols(textDocument.uri)),
    );
  }

  /** Hears first what has arrived meanwhile, and answers only when the question still stands. */
  private timely<Params, Answer>(answer: (params: Params) => Answer) {
    const { ResponseError, LSPErrorCodes } = this.protocol;
    return async (params: Params, token: CancellationToken) => {
      const { generation } = this.documents;
      await nextTurn();
      await nextTurn();
      if (token.isCancellationRequested)
        return new ResponseError<void>(LSPErrorCodes.RequestCancelled, "cancelled");
      if (this.documents.generation !== generation)
        return new ResponseError<void>(LSPErrorCodes.ContentModified, "the text has changed");
      return answer(params);
    };
  }

  private orRefusal<Value>(result: Result<Value, string>) {
    const { ResponseError, LSPErrorCodes } = this.protocol;
    return result.ok
      ? result.value
      : new ResponseError<void>(LSPErrorCodes.RequestFailed, result.error);
  }

  /** Once the typing pauses; every change starts the wait anew. */
  private planDiagnostics(): void {
    clearTimeout(this.diagnosticsTimer);
    this.diagnosticsTimer = setTimeout(() => {
      this.sendDiagnostics().catch((error) => this.connection.console.error(String(error)));
    }, diagnosticsDelay);
  }

  private async sendDiagnostics(): Promise<void> {
    const { generation } = this.documents;
    for (const document of this.documents.all()) {
      if (this.documents.generation !== generation) return;
      const { uri, version: documentVersion } = document;
      const diagnostics = this.answers.diagnostics(document);
      await this.connection.sendDiagnostics({ uri, version: documentVersion, diagnostics });
    }
  }
}
