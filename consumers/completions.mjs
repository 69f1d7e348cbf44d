// What an editor offers where our types are met, asked of a compiler's language service: node completions.mjs typescript-6

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { default: ts } = await import(createRequire(import.meta.url).resolve(process.argv[2] ?? 'typescript-6'));

/** `|` is where the cursor stands: each is asked what belongs there. */
const source = `
import { Appends, Command, CommandLogic, Reads, Stream, Streams } from '@eventcore/core';
import type { AppendOf, Context, ReadOf, StreamOf, StreamsOf } from '@eventcore/core';
import { Account } from './transfer.js';

@Command()
class Open extends CommandLogic<Open> {
  @Stream(Account, { | }) readonly account!: StreamOf<typeof Account>;
  @Reads(Account, { mayEqual: true, | }) readonly read!: ReadOf<typeof Account>;
  @Appends(Account, { | }) readonly appended!: AppendOf<typeof Account>;
  @Streams(Account, { | }) readonly set!: StreamsOf<typeof Account>;

  handle({ state, emit }: Context<Open>) {
    this.|;
    state.|;
    this.account.|;
    Account.|;
    emit('|', 'AccountOpened', { owner: '' });
  }
}
`;
const expected = [
  ['mayEqual', 'optional'],
  ['optional'],
  ['mayEqual', 'optional'],
  ['mayEqual'],
  ['account', 'appended', 'handle', 'read', 'set', 'toString'],
  ['account', 'read', 'set'],
  ['id', 'key'],
  ['at', 'events', 'name'],
  ['account', 'appended'],
];

const [file, ...parts] = [join(process.cwd(), 'src', 'completions.ts'), ...source.split('|')];
const text = parts.join('');
const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getCompilationSettings: () => ({
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
  }),
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  getScriptFileNames: () => [file],
  getScriptVersion: () => '1',
  getScriptSnapshot: (path) => {
    const content = path === file ? text : ts.sys.readFile(path);
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
  },
});

const cursors = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('').length);
const offered = cursors.map((cursor) =>
  service
    .getCompletionsAtPosition(file, cursor, { includeCompletionsWithInsertText: true })
    ?.entries.map(({ name }) => name)
    .sort(),
);
assert.deepEqual(offered, expected);
