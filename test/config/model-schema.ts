// The JSON schema of the typed model, made from the declarations of src/core/config/model.ts and what
// it imports: there is no second description that could differ. The part of TypeScript's types that
// these files use is read here: objects, unions, intersections, arrays, tuples, literals and Omit.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

export type Schema = {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly $defs?: Readonly<Record<string, Schema>>;
};

type Token = { readonly text: string; readonly doc?: string };
type Declaration = {
  readonly file: string;
  readonly tokens: readonly Token[];
  readonly doc?: string;
};

/** Types that are more than their declarations say. */
const branded: Readonly<Record<string, Schema>> = {
  string: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  IpAddress: { type: "string", description: "An IPv4 or IPv6 address." },
  Microseconds: { type: "integer", minimum: 0, description: "µs" },
};

/** The schema of the type `name`, declared in `file` or imported there. */
export function schemaOf(file: string, name: string): Schema {
  const writer = new SchemaWriter();
  const main = writer.named(file, name);
  return { ...main, $defs: writer.definitions() };
}

class SchemaWriter {
  private readonly files = new Map<string, ReadonlyMap<string, Declaration>>();
  private readonly written = new Map<string, Schema>();

  definitions(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.written].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** A reference to a named type, which is written once. */
  named(file: string, name: string): Schema {
    const known = branded[name];
    if (known !== undefined) return known;
    if (!this.written.has(name)) {
      this.written.set(name, {});
      const declaration = this.declaration(file, name);
      const schema = this.read(declaration);
      this.written.set(name, described(schema, declaration.doc));
    }
    return { $ref: `#/$defs/${name}` };
  }

  /** The schema itself, where it is to be merged with another one. */
  resolved(schema: Schema): Schema {
    const name = schema.$ref?.slice("#/$defs/".length);
    return name === undefined ? schema : (this.written.get(name) ?? schema);
  }

  private read(declaration: Declaration): Schema {
    return new TypeReader(declaration, this).whole();
  }

  private declaration(file: string, name: string): Declaration {
    const all = this.files.get(file) ?? declarationsOf(file);
    this.files.set(file, all);
    const found = all.get(name);
    if (found === undefined) throw new Error(`no type ${name} in ${file}`);
    return found.file === file ? found : this.declaration(found.file, name);
  }
}

/** Types that a file declares, and for those that it imports where they are. */
function declarationsOf(file: string): ReadonlyMap<string, Declaration> {
  const tokens = tokensOf(readFileSync(file, "utf8"));
  const found = new Map<string, Declaration>();
  for (const [at, token] of tokens.entries()) {
    if (token.text === "from") {
      const from = resolve(dirname(file), (tokens[at + 1]?.text ?? "").slice(1, -1));
      for (let i = at - 2; i >= 0 && tokens[i]?.text !== "{"; i--)
        found.set(tokens[i]?.text ?? "", { file: from, tokens: [] });
    }
    const name = tokens[at + 1]?.text ?? "";
    if (token.text !== "type" || tokens[at + 2]?.text !== "=") continue;
    const doc = token.doc ?? tokens[at - 1]?.doc;
    const rest = { file, tokens: tokens.slice(at + 3) };
    found.set(name, doc === undefined ? rest : { ...rest, doc });
  }
  return found;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let doc: string | undefined;
  for (const [found] of text.matchAll(
    /\/\*\*.*?\*\/|\/\/[^\n]*|"[^"]*"|-?[0-9]+|[\w$]+|[^\s\w]/gs,
  )) {
    if (found.startsWith("/**"))
      doc = found
        .slice(3, -2)
        .replace(/\s*\n\s*\*?\s*/g, " ")
        .trim();
    else if (!found.startsWith("//")) {
      tokens.push(doc === undefined ? { text: found } : { text: found, doc });
      doc = undefined;
    }
  }
  return tokens;
}

const described = (schema: Schema, description: string | undefined): Schema =>
  description === undefined ? schema : { ...schema, description };

/** Reads one type, from its first token on. */
class TypeReader {
  private at = 0;
  private readonly declaration: Declaration;
  private readonly writer: SchemaWriter;

  constructor(declaration: Declaration, writer: SchemaWriter) {
    this.declaration = declaration;
    this.writer = writer;
  }

  whole(): Schema {
    this.skip("|");
    const members = [this.intersection()];
    while (this.skip("|")) members.push(this.intersection());
    const [first] = members;
    if (members.length === 1 && first !== undefined) return first;
    const isLiteral = members.every((each) => each.const !== undefined);
    if (isLiteral) return { enum: members.map((each) => each.const) };
    return { anyOf: members };
  }

  private intersection(): Schema {
    let schema = this.array();
    while (this.skip("&")) schema = this.merged(schema, this.array());
    return schema;
  }

  /** Objects become one; of unions, every pair. */
  private merged(a: Schema, b: Schema): Schema {
    const [left, right] = [this.writer.resolved(a), this.writer.resolved(b)];
    if (left.anyOf !== undefined)
      return { anyOf: left.anyOf.map((each) => this.merged(each, right)) };
    if (right.anyOf !== undefined)
      return { anyOf: right.anyOf.map((each) => this.merged(left, each)) };
    return objectOf({ ...left.properties, ...right.properties }, [
      ...(left.required ?? []),
      ...(right.required ?? []),
    ]);
  }

  private array(): Schema {
    this.skip("readonly");
    let schema = this.primary();
    while (this.peek() === "[" && this.peek(1) === "]") {
      this.at += 2;
      schema = { type: "array", items: schema };
    }
    return schema;
  }

  private primary(): Schema {
    const word = this.next();
    if (word === "(") {
      const inner = this.whole();
      this.expect(")");
      return inner;
    }
    if (word === "{") return this.object();
    if (word === "[") return this.tuple();
    if (word.startsWith('"') || /^-?[0-9]/.test(word))
      return { const: JSON.parse(word) as unknown };
    if (word === "true" || word === "false") return { const: word === "true" };
    return word === "Omit" ? this.omitted() : this.writer.named(this.declaration.file, word);
  }

  private object(): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    while (!this.skip("}")) {
      const doc = this.declaration.tokens[this.at]?.doc;
      this.skip("readonly");
      const name = this.next();
      if (!this.skip("?")) required.push(name);
      this.expect(":");
      properties[name] = described(this.whole(), doc);
      this.skip(";");
    }
    return objectOf(properties, required);
  }

  private tuple(): Schema {
    const prefixItems: Schema[] = [];
    while (!this.skip("]")) {
      prefixItems.push(this.whole());
      this.skip(",");
    }
    return { type: "array", prefixItems, items: false, minItems: prefixItems.length };
  }

  private omitted(): Schema {
    this.expect("<");
    const { properties = {}, required = [] } = this.writer.resolved(this.whole());
    this.expect(",");
    const names = this.whole();
    this.expect(">");
    const gone = new Set(names.enum ?? [names.const]);
    const left = Object.entries(properties).filter(([name]) => !gone.has(name));
    return objectOf(
      Object.fromEntries(left),
      required.filter((name) => !gone.has(name)),
    );
  }

  private peek(ahead = 0): string {
    return this.declaration.tokens[this.at + ahead]?.text ?? "";
  }

  private next(): string {
    const text = this.peek();
    this.at++;
    return text;
  }

  private skip(text: string): boolean {
    if (this.peek() !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    const found = this.next();
    if (found !== text) throw new Error(`${found} instead of ${text} in ${this.declaration.file}`);
  }
}

const objectOf = (
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
): Schema => ({ type: "object", properties, required, additionalProperties: false });

/** Where a value is not as the schema says: paths with reasons. */
export function mismatches(value: unknown, schema: Schema, root: Schema, path = "$"): string[] {
  const name = schema.$ref?.slice("#/$defs/".length);
  if (name !== undefined) return mismatches(value, root.$defs?.[name] ?? {}, root, path);
  if (schema.anyOf !== undefined) {
    const all = schema.anyOf.map((each) => mismatches(value, each, root, path));
    return all.some((each) => each.length === 0)
      ? []
      : (all.sort((a, b) => a.length - b.length)[0] ?? []);
  }
  if ("const" in schema) return value === schema.const ? [] : [`${path}: not ${schema.const}`];
  if (schema.enum !== undefined)
    return schema.enum.includes(value) ? [] : [`${path}: not one of ${schema.enum}`];
  if (schema.type === "array") return arrayMismatches(value, schema, root, path);
  if (schema.type === "object") return objectMismatches(value, schema, root, path);
  const isNumber = schema.type === "integer" || schema.type === "number";
  if (typeof value !== (isNumber ? "number" : schema.type)) return [`${path}: no ${schema.type}`];
  if (schema.type === "integer" && !Number.isInteger(value)) return [`${path}: not whole`];
  return [];
}

function arrayMismatches(value: unknown, schema: Schema, root: Schema, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: no array`];
  const { prefixItems, items } = schema;
  if (prefixItems !== undefined && value.length !== prefixItems.length)
    return [`${path}: not ${prefixItems.length} items`];
  return value.flatMap((each: unknown, i) =>
    mismatches(
      each,
      prefixItems?.[i] ?? (items === false ? {} : (items ?? {})),
      root,
      `${path}[${i}]`,
    ),
  );
}

function objectMismatches(value: unknown, schema: Schema, root: Schema, path: string): string[] {
  if (typeof value !== "object" || value === null) return [`${path}: no object`];
  const properties = schema.properties ?? {};
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}.${name}: missing`),
    ...Object.entries(value).flatMap(([name, each]: [string, unknown]) => {
      const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return inner === undefined
        ? [`${path}.${name}: unknown`]
        : mismatches(each, inner, root, `${path}.${name}`);
    }),
  ];
}
