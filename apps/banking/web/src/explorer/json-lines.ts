/** One line of JSON as it is shown: its key, its value, how deep it lies, and where it stands. */
export interface JsonLine {
  readonly path: string;
  readonly depth: number;
  readonly key: string | null;
  readonly text: string;
  readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'bracket';
}

/** A value, line by line. */
export function jsonLines(value: unknown, path = '$', depth = 0, key: string | null = null): JsonLine[] {
  if (value === null || typeof value !== 'object') {
    return [{ path, depth, key, text: JSON.stringify(value) ?? 'undefined', kind: kindOf(value) }];
  }
  const isList = Array.isArray(value);
  const [open, close] = isList ? '[]' : '{}';
  const members = Object.entries(value);
  if (members.length === 0) return [{ path, depth, key, text: `${open}${close}`, kind: 'bracket' }];
  return [
    { path, depth, key, text: open ?? '', kind: 'bracket' },
    ...members.flatMap(([name, member]) => jsonLines(member, `${path}/${name}`, depth + 1, isList ? null : name)),
    { path: `${path}/`, depth, key: null, text: close ?? '', kind: 'bracket' },
  ];
}

/** The paths of lines that are new, or say something else than before. */
export function changedPaths(before: unknown, after: unknown): ReadonlySet<string> {
  const known = new Map(jsonLines(before).map(({ path, text }) => [path, text]));
  return new Set(
    jsonLines(after)
      .filter(({ path, text, kind }) => kind !== 'bracket' && known.get(path) !== text)
      .map(({ path }) => path),
  );
}

function kindOf(value: unknown): JsonLine['kind'] {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'null';
  }
}
