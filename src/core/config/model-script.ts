// A script in the typed model (model.ts): a command and who runs it.

/** A script line as the file has it: a command with its arguments, and who runs it. */
export type ScriptModel = {
  readonly command: string;
  readonly user?: string;
  readonly group?: string;
};
