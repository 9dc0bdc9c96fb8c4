// The VS Code extension: starts `understudy lsp` when a keepalived.conf is opened, and again when the
// settings that it was started with have changed. Everything else is the server's work.

const { window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** The running client, for `deactivate`. */
let client;

function newClient() {
  const settings = workspace.getConfiguration("understudy");
  const [command = "understudy", ...words] = settings.get("command", ["understudy"]);
  const configId = settings.get("configId", "");
  const server = { command, args: [...words, "lsp"] };
  return new LanguageClient("understudy", "Understudy", server, {
    documentSelector: [{ language: "keepalived" }],
    initializationOptions: configId === "" ? {} : { configId },
  });
}

async function start() {
  client = newClient();
  try {
    await client.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await window.showErrorMessage(
      `Understudy does not start (${reason}). Does the setting understudy.command name the program?`,
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  // One that never started has nothing to stop.
  if (running?.isRunning()) await running.stop();
}

async function activate(context) {
  context.subscriptions.push(
    workspace.onDidChangeConfiguration(async (change) => {
      if (!change.affectsConfiguration("understudy")) return;
      await stop();
      await start();
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
