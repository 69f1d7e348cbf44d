/**
 * A workload that gives itself away: every command writes down, in its events or in its rejection, which version of each
 * stream it was decided on, and the digest of the events that were folded. Both are counted by its own folds: so it tells
 * what really was folded, whatever an executor or a store believes.
 *
 * It has every kind of stream that a command can declare: written, only read, optional, several in one field, discovered,
 * written unread, and ones that don't exist yet; states of its own, rejections, commands that write nothing.
 */
import {
  appends,
  defineCommand,
  defineStream,
  discovers,
  keyOf,
  many,
  optional,
  reads,
  reject,
  type AnyCommand,
  type StreamId,
} from '@eventcore/core';
import * as v from 'valibot';
import { digestOf } from '../judge/digest.js';
import type { ReadOfStream } from '../judge/history.js';
import { markOf } from '../record/mark.js';
import type { SimulatedClient, Simulation } from './simulation.js';

const Read = v.object({ stream: v.string(), version: v.number(), digest: v.number() });
const Whole = v.pipe(v.number(), v.integer());

/** How far a stream was folded. */
interface Folded {
  readonly version: number;
  readonly digest: number;
}

const unfolded: Folded = { version: 0, digest: 0 };

function fold({ version, digest }: Folded, type: string, data: object): Folded {
  return { version: version + 1, digest: digestOf(digest, markOf({ type, schemaVersion: 1, data: data as never })) };
}

const Account = defineStream('account', {
  events: { Moved: v.object({ by: Whole, reads: v.array(Read) }) },
  state: () => ({ ...unfolded, balance: 0 }),
  fold: { Moved: (state, data) => ({ ...fold(state, 'Moved', data), balance: state.balance + data.by }) },
});

/** Who belongs together. */
const Group = defineStream('group', {
  events: {
    Joined: v.object({ member: v.string(), reads: v.array(Read) }),
    Left: v.object({ member: v.string(), reads: v.array(Read) }),
  },
  state: () => ({ ...unfolded, members: [] as readonly string[] }),
  fold: {
    Joined: (state, data) => ({ ...fold(state, 'Joined', data), members: [...state.members, data.member] }),
    Left: (state, data) => ({
      ...fold(state, 'Left', data),
      members: state.members.filter((member) => member !== data.member),
    }),
  },
});

/** Whether money may move at all. */
const Policy = defineStream('policy', {
  events: { Changed: v.object({ open: v.boolean(), reads: v.array(Read) }) },
  state: () => ({ ...unfolded, open: true }),
  fold: { Changed: (state, data) => ({ ...fold(state, 'Changed', data), open: data.open }) },
});

const Journal = defineStream('journal', {
  events: { Noted: v.object({ text: v.string(), reads: v.array(Read) }) },
  state: () => unfolded,
  fold: { Noted: (state, data) => fold(state, 'Noted', data) },
});

/** What a decision rests on. */
function basis(
  ...states: readonly (readonly [{ readonly id: StreamId }, Folded | undefined])[]
): Required<ReadOfStream>[] {
  return states.flatMap(([{ id }, state]) =>
    state === undefined ? [] : [{ stream: id, version: state.version, digest: state.digest }],
  );
}

function basisOfMap(states: ReadonlyMap<StreamId, Folded>): Required<ReadOfStream>[] {
  return Array.from(states, ([stream, { version, digest }]) => ({ stream, version, digest }));
}

const overdrawn = (reads: Required<ReadOfStream>[]): never =>
  reject({ rule: 'overdrawn', message: 'there is not enough', data: { reads } });
const closed = (reads: Required<ReadOfStream>[]): never =>
  reject({ rule: 'closed', message: 'the policy is closed', data: { reads } });

/** Moves money between two accounts, if a policy, which is only read and may not exist, allows it. */
const Transfer = defineCommand('Transfer', {
  streams: { from: Account, to: Account, policy: optional(reads(Policy)) },
  input: { amount: Whole },
  handle: ({ state, streams, input, emit }) => {
    const rests = basis([streams.from, state.from], [streams.to, state.to]);
    if (streams.policy !== undefined) rests.push(...basis([streams.policy, state.policy]));
    if (state.policy?.open === false) closed(rests);
    if (state.from.balance < input.amount) overdrawn(rests);
    emit('from', 'Moved', { by: -input.amount, reads: rests });
    emit('to', 'Moved', { by: input.amount, reads: rests });
  },
});

/** The other half of a write skew: writes the policy that transfers read, after a look at an account that they write. */
const ChangePolicy = defineCommand('ChangePolicy', {
  streams: { policy: Policy, account: reads(Account) },
  handle: ({ state, streams, emit }) => {
    const rests = basis([streams.policy, state.policy], [streams.account, state.account]);
    if (state.policy.open && state.account.balance < 0) closed(rests);
    emit('policy', 'Changed', { open: !state.policy.open, reads: rests });
  },
});

/** Pays each of several accounts, asynchronously: a decision that can't be made under a hold. */
const PayAll = defineCommand('PayAll', {
  streams: { payer: Account, payees: many(Account) },
  input: { each: Whole },
  handle: async ({ state, streams, input, emit }) => {
    await Promise.resolve();
    const rests = [...basis([streams.payer, state.payer]), ...basisOfMap(state.payees)];
    if (state.payer.balance < input.each * streams.payees.length) overdrawn(rests);
    for (const payee of streams.payees) emit(payee, 'Moved', { by: input.each, reads: rests });
    emit('payer', 'Moved', { by: -input.each * streams.payees.length, reads: rests });
  },
});

/** Joins a group, leaves it if that is a member already, and finds nothing to do if the group is large enough. */
const JoinOrLeave = defineCommand('JoinOrLeave', {
  streams: { group: Group },
  input: { member: v.string() },
  handle: ({ state, streams, input, emit }) => {
    const rests = basis([streams.group, state.group]);
    const { members } = state.group;
    if (members.includes(input.member)) emit('group', 'Left', { member: input.member, reads: rests });
    else if (members.length < 3) emit('group', 'Joined', { member: input.member, reads: rests });
  },
});

/** Takes from every member of a group, whoever that is by now. */
const Collect = defineCommand('Collect', {
  streams: { group: Group, members: discovers(Account), into: Account },
  input: { each: Whole },
  discover: ({ group }) => ({ members: group.members }),
  handle: ({ state, streams, input, emit }) => {
    const rests = [...basis([streams.group, state.group], [streams.into, state.into]), ...basisOfMap(state.members)];
    const found = [...state.members.keys()].map(keyOf).toSorted().join();
    const members = state.group.members
      .filter((member) => member !== 'till')
      .toSorted()
      .join();
    if (found !== members) throw new Error(`The members ${found} were discovered, and the group has ${members}.`);
    for (const [member, { balance }] of state.members) {
      if (balance < input.each) overdrawn(rests);
      emit(member, 'Moved', { by: -input.each, reads: rests });
    }
    emit('into', 'Moved', { by: input.each * state.members.size, reads: rests });
  },
});

/** How `CollectFromLast` finds whom it takes from. It is called on the command, once a round. */
export type NamesLast = (
  this: object,
  state: { readonly group: Folded & { readonly members: readonly string[] } },
) => { readonly last: readonly string[] };

/** The member that joined last, or the till while there is none. */
export const nameLast: NamesLast = ({ group }) => ({ last: [group.members.at(-1) ?? 'till'] });

/** Takes from whoever joined a group last: the answer changes all the time, also when the group comes into being. */
const collectFromLast = (discover: NamesLast) =>
  defineCommand('CollectFromLast', {
    streams: { group: reads(Group), last: discovers(Account), into: Account },
    input: { amount: Whole },
    discover,
    handle: ({ state, streams, input, emit }) => {
      const rests = [...basis([streams.group, state.group], [streams.into, state.into]), ...basisOfMap(state.last)];
      const found = [...state.last.keys()].map(keyOf).join();
      const last = state.group.members.at(-1) ?? 'till';
      if (found !== last) throw new Error('The streams that were discovered are not those that the state names.');
      for (const [payer, { balance }] of state.last) {
        if (balance < input.amount) overdrawn(rests);
        emit(payer, 'Moved', { by: -input.amount, reads: rests });
      }
      emit('into', 'Moved', { by: input.amount, reads: rests });
    },
  });

/** Looks at several streams, and always says no: what it saw has to have been so at one moment. */
const Audit = defineCommand('Audit', {
  streams: { accounts: many(Account), policy: reads(Policy) },
  handle: ({ state, streams }) => {
    reject({
      rule: 'audit',
      message: 'an audit has seen enough',
      data: { reads: [...basisOfMap(state.accounts), ...basis([streams.policy, state.policy])] },
    });
  },
});

/** Writes without having read. */
const Note = defineCommand('Note', {
  streams: { journal: appends(Journal) },
  input: { text: v.string() },
  handle: ({ input, emit }) => emit('journal', 'Noted', { text: input.text, reads: [] }),
});

/** Folds for itself what an account holds, on every attempt from the start. */
const Withdraw = defineCommand('Withdraw', {
  streams: { account: Account, policy: reads(Policy) },
  input: { amount: Whole },
  initialState: () => ({ account: { ...unfolded, balance: 0 }, policy: { ...unfolded, open: true } }),
  apply: ({ account, policy }, event) =>
    event.type === 'Moved'
      ? { account: { ...fold(account, 'Moved', event.data), balance: account.balance + event.data.by }, policy }
      : { account, policy: { ...fold(policy, 'Changed', event.data), open: event.data.open } },
  handle: ({ state, streams, input, emit }) => {
    const rests = basis([streams.account, state.account], [streams.policy, state.policy]);
    if (!state.policy.open) closed(rests);
    if (state.account.balance < input.amount) overdrawn(rests);
    emit('account', 'Moved', { by: -input.amount, reads: rests });
  },
});

const Deposit = defineCommand('Deposit', {
  streams: { account: Account },
  input: { amount: Whole },
  handle: ({ state, streams, input, emit }) =>
    emit('account', 'Moved', { by: input.amount, reads: basis([streams.account, state.account]) }),
});

const accounts = ['ann', 'bob', 'cid', 'dan'];
/** Groups that nobody has joined when it begins: each comes into being while others look at it. */
const newGroups = Array.from({ length: 12 }, (_, index) => `new${index + 1}`);

function nextCommand({ random }: SimulatedClient, CollectFromLast: ReturnType<typeof collectFromLast>): AnyCommand {
  const [from, to] = random.sample(accounts, 2) as [string, string];
  const amount = random.integer(1, 60);
  const policy = random.pick(['p', 'q']);
  switch (random.integer(1, 16)) {
    case 1:
      return new ChangePolicy({ policy, account: from });
    case 2:
      return new PayAll({
        payer: from,
        payees: random.sample(
          accounts.filter((name) => name !== from),
          2,
        ),
        each: amount,
      });
    case 3:
    case 4:
      return new JoinOrLeave({ group: 'g', member: random.pick(accounts) });
    case 5:
    case 6:
      return new Collect({ group: 'g', into: 'till', each: random.integer(1, 20) });
    case 7:
      return new Audit({ accounts: random.sample(accounts, 3), policy });
    case 8:
      return new Note({ journal: 'j', text: from });
    case 9:
      return new Withdraw({ account: from, policy, amount });
    case 10:
      return new Deposit({ account: to, amount });
    case 11:
    case 12:
      return new JoinOrLeave({ group: random.pick(newGroups), member: random.pick(accounts) });
    case 13:
    case 14:
      return new CollectFromLast({ group: random.pick(newGroups), into: 'pot', amount: random.integer(1, 20) });
    default:
      return random.chance(0.7) ? new Transfer({ from, to, policy, amount }) : new Transfer({ from, to, amount });
  }
}

export type Workload = Required<Pick<Simulation, 'before' | 'commands' | 'told'>>;

/** The workload, with a way of naming streams that may be wrong. */
export function workloadNaming(names: NamesLast): Workload {
  const CollectFromLast = collectFromLast(names);
  return {
    before: [
      ...accounts.slice(0, 3).map((account) => new Deposit({ account, amount: 100 })),
      new Deposit({ account: 'till', amount: 100 }),
      new JoinOrLeave({ group: 'g', member: 'ann' }),
    ],
    commands: (client) => nextCommand(client, CollectFromLast),
    told: (data) => (data as { readonly reads?: readonly ReadOfStream[] } | undefined)?.reads,
  };
}

/**
 * Commands that use everything that a command can declare, and tell what they were decided on: for simulating a store.
 *
 * @example
 * ```ts
 * import { createMemoryStore } from '@eventcore/memory';
 * import { simulate, workload } from '@eventcore/testing';
 *
 * const report = await simulate({ ...workload, store: (runtime) => createMemoryStore({ runtime }), seeds: 20 });
 * console.log(`${report}`);
 * ```
 */
export const workload: Workload = workloadNaming(nameLast);
