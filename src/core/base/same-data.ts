// Whether two pieces of plain data say the same, whatever the order of their fields. For the diff
// of two configurations and of two recordings; bytes compare by their content, and a field that is
// undefined counts as absent.

/** Deep equality of JSON-able values and Uint8Arrays. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isList(a) || isList(b)) {
    if (!isList(a) || !isList(b) || a.length !== b.length) return false;
    for (let place = 0; place < a.length; place++) {
      if (!sameData(a[place], b[place])) return false;
    }
    return true;
  }
  const left = a as Fields;
  const right = b as Fields;
  for (const key in left) if (!sameData(left[key], right[key])) return false;
  // What only the right one has.
  for (const key in right) if (!Object.hasOwn(left, key) && right[key] !== undefined) return false;
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

/** Where two values first differ, as a path like `.instances[0].vrid`; undefined when nowhere. */
export function firstDifference(a: unknown, b: unknown, path = ""): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return path;
  const lists = isList(a) || isList(b);
  if (lists) {
    if (!isList(a) || !isList(b) || a.length !== b.length) return path;
    for (let place = 0; place < a.length; place++) {
      const found = firstDifference(a[place], b[place], `${path}[${place}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const left = a as Fields;
  const right = b as Fields;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = firstDifference(left[key], right[key], `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isList = (value: object): value is readonly unknown[] | Uint8Array =>
  Array.isArray(value) || value instanceof Uint8Array;
