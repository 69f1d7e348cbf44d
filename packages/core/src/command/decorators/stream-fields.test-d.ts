// @Stream, @Reads, @Appends, @Streams and @Discovers: which fields they may stand on.
import {
  Appends,
  Command,
  CommandLogic,
  Discovers,
  Reads,
  Stream,
  Streams,
  type AppendOf,
  type Discovered,
  type ReadOf,
  type StateOf,
  type StreamOf,
  type StreamRef,
  type StreamsOf,
} from '@eventcore/core';
import { Account, Audit, Household, Money, Savings } from '../../public-bank.fixture.js';

/** Every form at once. */
@Command()
export class EveryForm extends CommandLogic<EveryForm> {
  @Stream(Account) readonly written!: StreamOf<typeof Account>;
  @Stream(Account, { mayEqual: true }) readonly mayEqual!: StreamOf<typeof Account>;
  @Stream(Account, { optional: true }) readonly optional?: StreamOf<typeof Account>;
  @Stream(Account, { optional: true, mayEqual: true }) readonly both?: StreamOf<typeof Account>;
  // A field that is declared with undefined instead of a question mark has to be given, if only as undefined.
  @Stream(Account, { optional: true }) readonly orUndefined!: StreamOf<typeof Account> | undefined;
  @Reads(Savings) readonly read!: ReadOf<typeof Savings>;
  @Reads(Savings, { optional: true }) readonly optionalRead?: ReadOf<typeof Savings>;
  @Appends(Audit) readonly appended!: AppendOf<typeof Audit>;
  @Appends(Audit, { optional: true }) readonly optionalAppended?: AppendOf<typeof Audit>;
  @Streams(Account) readonly set!: StreamsOf<typeof Account>;
  @Streams(Account, { mayEqual: true }) readonly setMayEqual!: StreamsOf<typeof Account>;
  @Streams(Account) readonly written2!: readonly StreamOf<typeof Account>[];
  @Discovers(Household) readonly discovered!: Discovered<typeof Household>;
  // Fields need not be readonly: the command object is frozen anyway.
  @Stream(Account) writable!: StreamOf<typeof Account>;

  discover(state: StateOf<EveryForm>) {
    return { discovered: state.set.size === 0 ? [] : ['1'] };
  }

  handle() {}
}

declare const anyType: any;

export class Mistaken extends CommandLogic<Mistaken> {
  // @ts-expect-error a stream of another type
  @Stream(Audit) readonly anotherType!: StreamOf<typeof Account>;
  // @ts-expect-error ... that is only read
  @Reads(Audit) readonly anotherTypeRead!: ReadOf<typeof Account>;
  // @ts-expect-error ... appended to
  @Appends(Audit) readonly anotherTypeAppended!: AppendOf<typeof Account>;
  // @ts-expect-error ... in a set
  @Streams(Audit) readonly anotherTypeInSet!: StreamsOf<typeof Account>;
  // @ts-expect-error ... discovered
  @Discovers(Audit) readonly anotherTypeDiscovered!: Discovered<typeof Account>;

  // @ts-expect-error no reference at all
  @Stream(Account) readonly notAReference!: number;
  // @ts-expect-error the stream's key
  @Stream(Account) readonly key!: string;
  // @ts-expect-error the stream type instead of a reference
  @Stream(Account) readonly streamType!: typeof Account;
  // @ts-expect-error a reference, or something else
  @Stream(Account) readonly orNull!: StreamOf<typeof Account> | null;
  // @ts-expect-error a stream of one of two types
  @Stream(Account) readonly eitherType!: StreamOf<typeof Account> | StreamOf<typeof Audit>;
  // @ts-expect-error an object that looks like a reference
  @Stream(Account) readonly lookAlike!: { readonly id: string; readonly key: string };
  // @ts-expect-error any
  @Stream(Account) readonly any!: any;
  // @ts-expect-error a reference to whatever
  @Stream(Account) readonly anyReference!: StreamRef<'account', any, any>;
  // @ts-expect-error unknown
  @Stream(Account) readonly unknown!: unknown;
  // @ts-expect-error never
  @Stream(Account) readonly never!: never;
  // @ts-expect-error undefined alone
  @Stream(Account, { optional: true }) readonly undefined?: undefined;

  // @ts-expect-error the role is read-only, and the field says that it may be written
  @Reads(Account) readonly readAsWritten!: StreamOf<typeof Account>;
  // @ts-expect-error the role may be written, and the field says that it is read-only
  @Stream(Account) readonly writtenAsRead!: ReadOf<typeof Account>;
  // @ts-expect-error the role is blind, and the field says that it is read
  @Appends(Account) readonly appendedAsWritten!: StreamOf<typeof Account>;
  // @ts-expect-error the role reads, and the field says that it is blind
  @Reads(Account) readonly readAsAppended!: AppendOf<typeof Account>;
  // @ts-expect-error one stream on a field for many
  @Stream(Account) readonly oneAsSet!: StreamsOf<typeof Account>;
  // @ts-expect-error many streams on a field for one
  @Streams(Account) readonly setAsOne!: StreamOf<typeof Account>;
  // @ts-expect-error a set that could be changed
  @Streams(Account) readonly changeableSet!: StreamOf<typeof Account>[];
  // @ts-expect-error a set of whatever
  @Streams(Account) readonly anySet!: readonly any[];
  // @ts-expect-error a set of nothing
  @Streams(Account) readonly emptySet!: readonly [];
  // @ts-expect-error a set of a fixed size
  @Streams(Account) readonly pair!: readonly [StreamOf<typeof Account>, StreamOf<typeof Account>];
  // @ts-expect-error what is discovered is not a set that is given
  @Discovers(Account) readonly discoveredAsSet!: StreamsOf<typeof Account>;
  // @ts-expect-error a set that is given is not discovered
  @Streams(Account) readonly setAsDiscovered!: Discovered<typeof Account>;

  // @ts-expect-error the field may be left out, and the decorator doesn't say so
  @Stream(Account) readonly silentlyOptional?: StreamOf<typeof Account>;
  // @ts-expect-error the decorator says that it may be left out, and the field doesn't
  @Stream(Account, { optional: true }) readonly neverLeftOut!: StreamOf<typeof Account>;
  // @ts-expect-error the same for those that are only read
  @Reads(Account) readonly silentlyOptionalRead?: ReadOf<typeof Account>;
  // @ts-expect-error ... and for those that are appended to
  @Appends(Account, { optional: true }) readonly appendNeverLeftOut!: AppendOf<typeof Account>;
  // @ts-expect-error a set is never left out: it may be empty
  @Streams(Account) readonly optionalSet?: StreamsOf<typeof Account>;
  // @ts-expect-error ... so its decorator has no such option
  @Streams(Account, { optional: true }) readonly saidOptionalSet?: StreamsOf<typeof Account>;
  // @ts-expect-error what is discovered is never left out
  @Discovers(Account) readonly optionalDiscovered?: Discovered<typeof Account>;
  // @ts-expect-error an option that there isn't
  @Stream(Account, { mayEquals: true }) readonly misspelt!: StreamOf<typeof Account>;

  // @ts-expect-error the decorator needs a stream type
  @Stream() readonly nothing!: StreamOf<typeof Account>;
  // @ts-expect-error ... and is called
  @Stream readonly notCalled!: StreamOf<typeof Account>;
  // @ts-expect-error a schema is no stream type
  @Stream(Money) readonly schema!: StreamOf<typeof Account>;
  // @ts-expect-error a name is no stream type
  @Stream('account') readonly name!: StreamOf<typeof Account>;
  // @ts-expect-error nothing is known of a stream type that is any
  @Stream(anyType) readonly anyType!: StreamOf<typeof Account>;

  handle() {}
}

/** An option that there is not. */
@Command()
export class Misspelt extends CommandLogic<Misspelt> {
  // @ts-expect-error mayEqual is meant
  @Stream(Account, { optional: true, mayEquals: true }) readonly account?: StreamOf<typeof Account>;

  handle() {}
}
