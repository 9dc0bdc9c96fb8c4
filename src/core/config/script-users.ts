// Who runs a script: its own user and group, or `script_user`, or keepalived's usual user. A script
// whose user does not exist is not run. Where the machine is not known, every user exists.

import type { Machine, UserFacts } from "../ports/machine.ts";
import type { DiagnosticSink } from "./diagnostics.ts";
import type { ScriptModel } from "./model-script.ts";
import type { Statement } from "./parser.ts";
import { statementSpan } from "./parser.ts";
import type { globalKeywords } from "./schema/global-defs.ts";
import type { Settings } from "./settings.ts";

export type ScriptOwner =
  | { readonly kind: "known"; readonly user: UserFacts }
  /** Neither the script nor global_defs names a user that exists. */
  | { readonly kind: "no-default" }
  | { readonly kind: "unknown" };

const root: UserFacts = { uid: 0, gid: 0 };
const usualUser = "keepalived_script";

/** Finds users as keepalived does, and says once what is wrong with the usual one. */
export class ScriptUsers {
  readonly machine: Machine | undefined;
  /** `enable_script_security`. */
  readonly secure: boolean;
  private readonly sink: DiagnosticSink;
  private standard: ScriptOwner | undefined;

  constructor(
    globals: Settings<typeof globalKeywords>,
    machine: Machine | undefined,
    sink: DiagnosticSink,
  ) {
    this.machine = machine;
    this.secure = globals.value("enable_script_security") === true;
    this.sink = sink;
    for (const { statement } of globals.all("script_user")) {
      const [user, group] = statement.words.map(({ text }) => text);
      if (user === undefined) continue;
      this.standard = this.find(user, group);
      if (this.standard.kind === "known") continue;
      this.standard = { kind: "no-default" };
      sink.report("script/unknown-user", statementSpan(statement), {
        message: `this machine has no user or group \`${[user, group].filter(Boolean).join(" ")}\``,
        note: "scripts without a user of their own are not run",
        classic: "Error setting global script uid/gid",
      });
    }
  }

  /** The owner of a script that stands at `statement`. */
  ownerOf({ user, group }: ScriptModel, statement: Statement): ScriptOwner {
    if (user !== undefined) return this.find(user, group);
    this.standard ??= this.findUsual(statement);
    return this.standard;
  }

  private findUsual(statement: Statement): ScriptOwner {
    const usual = this.machine?.user(usualUser);
    if (usual !== undefined) return { kind: "known", user: usual };
    if (!this.secure || this.machine === undefined) return { kind: "known", user: root };
    this.sink.report("script/unknown-user", statementSpan(statement), {
      message: `this machine has no user \`${usualUser}\`, and enable_script_security asks for one`,
      note: "scripts without a user of their own are not run; `script_user` names another one",
      classic: `Unable to set default user ${usualUser} for script`,
    });
    return { kind: "no-default" };
  }

  private find(user: string, group: string | undefined): ScriptOwner {
    if (this.machine === undefined) return { kind: "known", user: root };
    const found = this.machine.user(user);
    const gid = group === undefined ? found?.gid : this.machine.group(group);
    if (found === undefined || gid === undefined) return { kind: "unknown" };
    return { kind: "known", user: { uid: found.uid, gid } };
  }
}
