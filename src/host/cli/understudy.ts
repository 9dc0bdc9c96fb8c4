// The command for people. Every command is one row: its arguments, its options, and a module that is
// loaded only when the command runs. An unknown command is answered with the nearest one. Exit codes:
// the command's own, and 2 for wrong use.

import { Command, CommanderError, Option } from "commander";
import { version } from "../daemon/version.ts";
import { endWithReader } from "./end-with-reader.ts";

type CommandRow = {
  readonly summary: string;
  /** Positional arguments, as commander writes them: `<file>`, `[flags...]`. */
  readonly arguments?: string;
  readonly options?: readonly Option[];
  /** Takes every word after its name as it is. */
  readonly passesThrough?: true;
  readonly run: (
    words: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ) => Promise<number>;
};

const repeated = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

const commands: Readonly<Record<string, CommandRow>> = {
  check: {
    summary: "what is wrong with configuration files: exit code 0 valid, 1 invalid, 2 unreadable",
    arguments: "[file...]",
    options: [
      new Option("--explain <code>", "what a code means, with a wrong and a right example"),
      new Option("--json", "diagnostics as one JSON object"),
      new Option("--sarif", "diagnostics as a SARIF 2.1.0 log").conflicts("json"),
      new Option("--deny <what>", "exit code 1 for these, too").choices(["warnings"]),
      new Option("--fix", "show the safe fixes, and make them after a yes"),
      new Option("--yes", "make them without asking"),
      new Option("--id <name>", "the id that @ and @^ lines are compared with"),
      new Option("--config-id <id>", "the same").hideHelp(),
    ],
    run: async (files, options) => {
      const code = options["explain"];
      if (typeof code === "string")
        return (await import("./explain-code.ts")).explainCode(code, process);
      const { fixFiles, terminalOutput } = await import("./check-fix.ts");
      const output = terminalOutput(options["json"] === true || options["sarif"] === true);
      if (options["fix"] === true && !(await fixFiles(files, options, output))) return 2;
      return (await import("./check.ts")).checkCommand(files, options);
    },
  },
  fmt: {
    summary:
      "configuration files in one layout, with the same meaning; - or nothing: standard input",
    arguments: "[file...]",
    options: [
      new Option("--check", "name the files that would change; exit code 1 if there are any"),
      new Option("--write", "rewrite the files"),
    ],
    run: async (files, options) => (await import("./fmt.ts")).fmtCommand(files, options),
  },
  init: {
    summary: "matching configuration files for all routers of a new group; asks what no flag says",
    options: [
      new Option("--interface <name>", "the interface they are on"),
      new Option("--address <address>", "a virtual address[/length]; may be repeated").argParser(
        repeated,
      ),
      new Option(
        "--router <name[=address]>",
        "a router and its own address, the preferred one first; two or more",
      ).argParser(repeated),
      new Option("--vrid <number>", "1 to 255; default: a free one, from the first address"),
      new Option("--used-vrids <list>", "VRIDs that are taken, such as 1,7,50-60"),
      new Option("--unicast", "adverts to the other routers' addresses instead of multicast"),
      new Option("--version <number>", "of VRRP; default 3, and 2 with a password").choices([
        "2",
        "3",
      ]),
      new Option("--auth-pass <text>", "a password, auto or none; default: auto with version 2"),
      new Option("--interval <seconds>", "between adverts; default 1"),
      new Option("--nopreempt", "a router that comes back waits until the master leaves"),
      new Option("--out <folder>", "where the files are written; default: here"),
      new Option("--force", "overwrite files that exist"),
    ],
    run: async (_words, options) => (await import("./init.ts")).initCommand(options),
  },
  explain: {
    summary: "what configuration files will do: who is master, when somebody takes over, and why",
    arguments: "<file...>",
    options: [
      new Option("--json", "one JSON object"),
      new Option("--id <name>", "the id that @ and @^ lines are compared with"),
      new Option("--config-id <id>", "the same").hideHelp(),
    ],
    run: async (files, options) => (await import("./explain.ts")).explainCommand(files, options),
  },
  lsp: {
    summary: "a language server for editors, over standard input and output",
    options: [
      new Option("--stdio", "what editors ask for; there is no other way"),
      new Option("--clientProcessId <pid>", "the editor, with whose end the server ends"),
    ],
    run: async () => (await import("./lsp.ts")).lspCommand(),
  },
  run: {
    summary: "the daemon in the foreground, with a log for people (takes understudyd's flags)",
    arguments: "[flags...]",
    passesThrough: true,
    run: async (words) => (await import("./run.ts")).runCommand(words),
  },
  status: {
    summary: "what the running daemon does, and why",
    options: [
      new Option("--json", "one JSON object"),
      new Option("--timers", "all running timers"),
      new Option("--socket <path>", "the daemon's control socket"),
      new Option("--control-socket <path>", "the same").hideHelp(),
    ],
    run: async (_words, options) => (await import("./status.ts")).status(options),
  },
  replay: {
    summary: "whether a recording of understudyd --record leads to the same decisions again",
    arguments: "<file>",
    options: [new Option("--timeline", "what the log said, at times from the beginning")],
    run: async ([file = ""], options) => (await import("./replay.ts")).replayCommand(file, options),
  },
  demo: {
    summary: "two routers and a client in network namespaces of this machine, and what happens",
    options: [
      new Option("--with-keepalived <side>", "let a real keepalived play one side").choices([
        "master",
        "backup",
        "both",
      ]),
      new Option("--keep", "leave the network up at the end, until Ctrl-C"),
    ],
    run: async (_words, options) => (await import("./demo.ts")).demo(options),
  },
};

function program(finish: (code: number) => void): Command {
  const root = new Command("understudy")
    .description("Keeps one address alive on two routers (VRRP), and explains itself.")
    .version(version, "-V, --version")
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError("(understudy --help lists the commands)");
  for (const [name, row] of Object.entries(commands)) {
    const command = root
      .command(row.arguments === undefined ? name : `${name} ${row.arguments}`)
      .description(row.summary)
      .action(async (...given: unknown[]) => {
        // commander gives the positional arguments, then the options, then itself.
        const words = given.slice(0, -2).flat() as string[];
        finish(await row.run(words, given.at(-2) as Readonly<Record<string, unknown>>));
      });
    for (const option of row.options ?? []) command.addOption(option);
    if (row.passesThrough === true)
      command.passThroughOptions().allowUnknownOption().helpOption(false);
  }
  return root;
}

endWithReader(process.stdout);
endWithReader(process.stderr);
try {
  await program((code) => {
    process.exitCode = code;
  }).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // commander has printed what is to say; help and version are no mistakes.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
