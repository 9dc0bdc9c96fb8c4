// The scripts that a configuration would run on the VRRP side: those that can be tracked, and those
// that instances and groups are told to run. keepalived looks at all of them as soon as there is an
// instance, also at a `vrrp_script` that nobody tracks.

import type { CompiledTracking } from "./compile-tracking.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import type { ScriptUse } from "./script-security.ts";
import type { ScriptUsers } from "./script-users.ts";
import { readScript } from "./values.ts";

/** In the order of keepalived's messages: tracked scripts by definition, then the others. */
export function scriptUses(
  statements: readonly Statement[],
  { model, owners }: CompiledTracking,
  users: ScriptUsers,
): readonly ScriptUse[] {
  const uses: ScriptUse[] = [];
  for (const { name, script } of model.scripts) {
    const found = owners.get(name);
    if (found === undefined) continue;
    uses.push({
      script,
      owner: found.owner,
      span: statementSpan(found.at),
      classicMissing: `Disabling track script ${name} since not found/accessible`,
      classicInsecure: `Disabling track script ${name} due to insecure`,
    });
  }
  return [...uses, ...toldScripts(statements, users)];
}

const tellers: ReadonlySet<string> = new Set(["vrrp_instance", "vrrp_sync_group"]);

/** `notify` and its like, and the scripts that read pipes. */
function toldScripts(statements: readonly Statement[], users: ScriptUsers): readonly ScriptUse[] {
  const uses: ScriptUse[] = [];
  for (const { keyword, body = [] } of statements) {
    const global = keyword.text === "global_defs";
    if (!global && !tellers.has(keyword.text)) continue;
    for (const line of body) {
      if (line.spec?.value.type !== "script" || line.words.length === 0) continue;
      if (global && !pipeReaders.has(line.keyword.text)) continue;
      const script = readScript(line);
      uses.push({ script, owner: users.ownerOf(script, line), span: statementSpan(line) });
    }
  }
  return uses;
}

const pipeReaders: ReadonlySet<string> = new Set(["vrrp_notify_fifo_script", "notify_fifo_script"]);
