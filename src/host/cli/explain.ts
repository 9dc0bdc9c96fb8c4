// `understudy explain FILE...`: what configurations will do, for people or as JSON, with the time-outs
// proven by the engine itself in the simulator. Exit status: 0 explained, 1 a file has errors (what
// would run is explained all the same), 2 unreadable or wrong use.

import { hostname } from "node:os";
import { loadConfig } from "../../core/config/load.ts";
import { createEngine } from "../../core/engine/engine.ts";
import { explain } from "../../core/review/explain.ts";
import { explanationJson } from "../../core/review/explain-json.ts";
import { explanationText } from "../../core/review/explain-text.ts";
import { proofOf } from "../../core/sim/proof.ts";
import { filesAndInput } from "./standard-input.ts";

export type ExplainOptions = {
  readonly json?: boolean;
  /** `--config-id`, or shorter `--id`; default: the host name up to the first dot. */
  readonly configId?: string;
  readonly id?: string;
};

/** Where the result goes, so that a test can read it. */
export type ExplainOutput = {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
};

/** Virtual routers that are simulated; more would keep people waiting for what they do not read. */
const proofsMax = 20;

/** Explains all files as one group; returns the exit status. */
export function explainCommand(
  paths: readonly string[],
  options: ExplainOptions = {},
  output: ExplainOutput = {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  },
): 0 | 1 | 2 {
  const configId = options.id ?? options.configId ?? hostname().split(".")[0] ?? "";
  const files = paths.map((path) => ({
    path,
    loaded: loadConfig(path, filesAndInput, { configId }),
  }));
  const explanation = explain(files);
  const proofs = explanation.virtualRouters.map((router, i) =>
    i < proofsMax
      ? proofOf(router, () => createEngine())
      : ({ kind: "not-run", why: `only the first ${proofsMax} are` } as const),
  );
  if (options.json === true)
    output.out(`${JSON.stringify(explanationJson(explanation, proofs))}\n`);
  else output.out(explanationText(explanation, proofs));
  let status: 0 | 1 | 2 = 0;
  for (const { path, loaded } of files) {
    const { refusal, diagnostics } = loaded;
    if (refusal !== undefined) {
      output.error(`understudy explain: cannot read ${path}: ${refusal.reason}\n`);
      status = 2;
    } else if (diagnostics.some(({ severity }) => severity === "error")) {
      output.error(`understudy explain: ${path} has errors: see understudy check ${path}\n`);
      if (status === 0) status = 1;
    }
  }
  return status;
}
