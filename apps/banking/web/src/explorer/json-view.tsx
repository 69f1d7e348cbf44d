import { changedPaths, jsonLines } from './json-lines.js';

export interface JsonViewProps {
  readonly label: string;
  readonly value: unknown;
  /** What it was before: lines that have changed are marked. */
  readonly before?: unknown;
}

export function JsonView({ label, value, before }: JsonViewProps) {
  const changed = before === undefined ? new Set<string>() : changedPaths(before, value);
  return (
    <div class="json" role="region" aria-label={label} tabIndex={0}>
      <code>
        {jsonLines(value).map(({ path, depth, key, text, kind }) => (
          <span key={path} class={`json-line ${changed.has(path) ? 'changed' : ''}`}>
            <span style={{ paddingLeft: `${depth * 1.25}em` }}>
              {key !== null && <span class="json-key">{key}: </span>}
              {changed.has(path) ? (
                <mark class={`json-${kind}`}>{text}</mark>
              ) : (
                <span class={`json-${kind}`}>{text}</span>
              )}
            </span>
          </span>
        ))}
      </code>
    </div>
  );
}
