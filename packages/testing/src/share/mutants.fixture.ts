/**
 * Ways to share calls wrongly, as changes of the sources. Each is something that this code, or its prototype, once did or could easily
 * come to do; the simulator has to find out about every one of them.
 */

export interface SourceMutant {
  readonly name: string;
  /** The first seed that finds out. `npm test` tries this one alone; `npm run test:long` all from the first on, up to 300. */
  readonly seed: number;
  /** In the sources of core. */
  readonly changes: readonly { readonly file: string; readonly part: string; readonly instead: string }[];
}

export const sourceMutants: readonly SourceMutant[] = [
  {
    name: 'a command expects the number that its neighbour would lead to, and not its append',
    seed: 4,
    changes: [
      {
        file: 'share/entry.ts',
        part: '(expected as Map<StreamId, Version | { readonly after: number }>).set(id, { after });',
        instead: '',
      },
    ],
  },
  {
    name: 'what rests on a refused command is not decided again',
    seed: 1,
    changes: [
      {
        file: 'share/conductor.ts',
        part: 'if (!asDecided) this.#decideAgain(again);',
        instead: 'for (const entry of again) this.#enter(entry);',
      },
    ],
  },
  {
    name: 'what rests on a command of which nobody knows goes on as if that were applied',
    seed: 1,
    changes: [
      {
        file: 'share/doubt.ts',
        part: 'if (doubt === undefined || runtime.now() >= until) return known;',
        instead: 'return known;',
      },
      {
        file: 'share/conductor.ts',
        part: "if (outcome.kind === 'committed') this.#applied(entry);\n      else asDecided = false;",
        instead: 'this.#applied(entry);',
      },
      { file: 'share/conductor.ts', part: '!held && !call.doubted', instead: '!held' },
      {
        file: 'share/conductor.ts',
        part: "if (outcome.kind === 'committed') return;",
        instead: "if (outcome.kind === 'committed' || outcome.kind === 'unknown') return;",
      },
    ],
  },
  {
    name: 'a rejection is told without being verified',
    seed: 1,
    changes: [
      {
        file: 'share/conductor.ts',
        part: "if (basis === 'untold') return entry.giveBack();",
        instead: `if (basis === 'untold') return entry.giveBack();
    const decided = entry.command.decide(basis);
    if (decided?.events.length === 0) {
      return entry.end({ kind: 'answered', append: decided, outcome: { kind: 'committed', receipt: undefined as never } });
    }`,
      },
    ],
  },
  {
    name: 'a stream that has moved keeps its old state',
    seed: 1,
    changes: [
      {
        file: 'share/warm-streams.ts',
        part: 'return this.fold(id, folded, missed);',
        instead: 'return { ...folded, version: actual };',
      },
    ],
  },
  {
    name: 'what is decided under locks rests on the state from before',
    seed: 2,
    changes: [
      {
        file: 'share/held-call.ts',
        part: 'const folded = this.#warm.fold(stream, known, missed);',
        instead: 'const folded = { ...this.#warm.fold(stream, known, missed), state: known.state };',
      },
    ],
  },
  {
    name: 'a call is sent again with numbers',
    seed: 55,
    changes: [
      {
        file: 'share/conductor.ts',
        part: 'beyondDoubt(this.#store, appends,',
        instead: 'beyondDoubt(this.#store, entries.map(({ append }) => append!),',
      },
    ],
  },
  {
    name: 'a command that was called off is sent all the same',
    seed: 3,
    changes: [{ file: 'share/conductor.ts', part: 'entry.withdrawn = true;', instead: 'return;' }],
  },
  {
    name: 'a doubt is told as a failure',
    seed: 17,
    changes: [
      {
        file: 'share/doubt.ts',
        part: "return isOpen(before) ? { kind: 'unknown', error: outcome.error } : before;",
        instead: 'return outcome;',
      },
    ],
  },
  {
    name: 'a second call goes out with the streams of one that is in doubt',
    seed: 13,
    changes: [
      {
        file: 'share/conductor.ts',
        part: 'for (const { touches } of this.#calls) for (const id of touches) untouchable.add(id);',
        instead: '',
      },
    ],
  },
];
