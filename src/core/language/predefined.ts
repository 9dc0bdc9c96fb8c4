// The names that keepalived defines itself, for completion and hover.

/** Each with what stands in its place. */
export const predefinedNames: Readonly<Record<string, string>> = {
  _PWD: "the folder of the file",
  _INSTANCE: "the config-id",
  _HASH: "the character #",
  _BANG: "the character !",
};
