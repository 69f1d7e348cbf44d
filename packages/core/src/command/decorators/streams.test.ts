import { describe, expect, it } from '@jest/globals';
import { Account, Audit, Policy } from '../../bank.fixture.js';
import { issuesOf, raised } from '../../raised.fixture.js';
import type { AppendOf, Discovered, ReadOf, StreamOf, StreamsOf } from '../../stream/define-stream.js';
import { definitionOf } from '../command-definition.js';
import { CommandLogic } from '../command-logic.js';
import type { Context } from '../context.js';
import { Command } from './command.js';
import { untyped } from './dialect.fixture.js';
import { Appends, Discovers, Reads, Stream, Streams } from './streams.js';

@Command()
class Everything extends CommandLogic<Everything> {
  @Stream(Account) readonly account!: StreamOf<typeof Account>;
  @Stream(Account, { mayEqual: true }) readonly twin!: StreamOf<typeof Account>;
  @Stream(Account, { optional: true }) readonly heir?: StreamOf<typeof Account>;
  @Reads(Policy) readonly policy!: ReadOf<typeof Policy>;
  @Reads(Account, { optional: true, mayEqual: true }) readonly witness?: ReadOf<typeof Account>;
  @Appends(Audit) readonly audit!: AppendOf<typeof Audit>;
  @Streams(Account) readonly payees!: StreamsOf<typeof Account>;
  @Streams(Policy, { mayEqual: true }) readonly policies!: StreamsOf<typeof Policy>;
  @Discovers(Account) readonly found!: Discovered<typeof Account>;

  discover() {
    return { found: [] };
  }
  handle(_: Context<Everything>) {}
}
const given = { account: 'a', twin: 't', policy: 'p', audit: 'x', payees: [], policies: [] };

describe('the decorators of streams', () => {
  it('note what the command does with a stream, and of which type it is', () => {
    expect(
      definitionOf(Everything).fields.map(({ name, role, streamType, optional, mayEqual }) => [
        name,
        role,
        streamType,
        optional,
        mayEqual,
      ]),
    ).toEqual([
      ['account', 'stream', 'account', false, false],
      ['twin', 'stream', 'account', false, true],
      ['heir', 'stream', 'account', true, false],
      ['policy', 'read', 'policy', false, false],
      ['witness', 'read', 'account', true, true],
      ['audit', 'append', 'audit', false, false],
      ['payees', 'set', 'account', false, false],
      ['policies', 'set', 'policy', false, true],
      ['found', 'discovered', 'account', false, false],
    ]);
  });

  it('let an optional stream be left out', () => {
    expect(new Everything(given)).toMatchObject({ heir: undefined, witness: undefined });
  });

  it('let two fields name one stream where each says that it may', () => {
    expect(new Everything({ ...given, witness: 't' }).witness).toEqual(Account.at('t'));
    expect(issuesOf(() => new Everything({ ...given, witness: 'a' }))).toMatchObject([{ path: ['witness'] }]);
    expect(issuesOf(() => new Everything({ ...given, payees: ['a'] }))).toMatchObject([{ path: ['payees'] }]);
    expect(new Everything({ ...given, policies: ['q', 'q'] }).policies).toHaveLength(2);
  });

  it.each([
    ['@Stream', Stream],
    ['@Reads', Reads],
    ['@Appends', Appends],
    ['@Streams', Streams],
    ['@Discovers', Discovers],
  ])('need a stream type: %s', (_, decorator) => {
    for (const type of [undefined, 'account', {}, Account.at('a')]) {
      const define = (): unknown => {
        @untyped(Command())
        class Tried extends CommandLogic<Tried> {
          @untyped((decorator as (type: unknown) => unknown)(type)) readonly account!: unknown;
          discover() {
            return {};
          }
          handle() {}
        }
        return Tried;
      };
      const error = raised(define);
      expect(error.code).toBe('DEFINITION');
      expect(error.message).toBe("Tried.account needs a stream type: what defineStream('name', { … }) gives.");
    }
  });
});
