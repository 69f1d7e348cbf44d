/** Commands over streams of a few events, as most commands are. */
import { execute, type AnyCommand } from '@eventcore/core';
import { createMemoryStore } from '@eventcore/memory';
import * as v from 'valibot';
import * as hand from '../by-hand/commands.js';
import type { Case, Contestant } from '../harness.js';
import * as classes from '../library/classes.js';
import * as defined from '../library/defined.js';
import { town, visitor } from '../population.js';
import { bothDoors, byHand, throughLibrary } from './contestants.js';

const account = visitor(town);
const many = { population: town, turns: 20_000 };
const few = { population: town, turns: 4_000 };
// Made in a moment: a round of fewer would be over before the engine has compiled it.
const MADE = 200_000;

const toOne = (turn: number) => ({ account: account(turn), amount: 5 });
const toTwo = (turn: number) => ({ from: account(turn), to: account(turn + 1), amount: 5 });
const toTen = (turn: number) => ({ accounts: TEN.map((index) => account(turn * 10 + index)), bonus: 5 });
const tooMuch = (turn: number) => ({ ...toTwo(turn), amount: 1_000_000 });
const TEN = Array.from({ length: 10 }, (_, index) => index);

const oneStream: Case = {
  name: 'one-stream',
  work: 'a deposit',
  unit: 'commands',
  operations: many.turns,
  contestants: [
    byHand(many, (ledger, turn) => hand.deposit(ledger, toOne(turn))),
    ...bothDoors(many, classes.Deposit, defined.Deposit, toOne),
  ],
};

const twoStreams: Case = {
  name: 'two-streams',
  work: 'a transfer',
  unit: 'commands',
  operations: many.turns,
  contestants: [
    byHand(many, (ledger, turn) => hand.transferMoney(ledger, toTwo(turn))),
    ...bothDoors(many, classes.TransferMoney, defined.TransferMoney, toTwo),
  ],
};

const tenStreams: Case = {
  name: 'ten-streams',
  work: 'a bonus for ten accounts',
  unit: 'commands',
  operations: few.turns,
  contestants: [
    byHand(few, (ledger, turn) => hand.payBonus(ledger, toTen(turn))),
    ...bothDoors(few, classes.PayBonus, defined.PayBonus, toTen),
  ],
};

const rejected: Case = {
  name: 'rejected',
  work: 'a transfer that a rule refuses',
  unit: 'commands',
  operations: many.turns,
  contestants: [
    byHand(many, (ledger, turn) => refused(hand.transferMoney(ledger, tooMuch(turn)))),
    throughLibrary('@Command class', many, (store, turn) =>
      refused(execute(new classes.TransferMoney(tooMuch(turn)), store)),
    ),
    throughLibrary('defineCommand', many, (store, turn) =>
      refused(execute(new defined.TransferMoney(tooMuch(turn)), store)),
    ),
  ],
};

const construction: Case = {
  name: 'construction',
  work: 'making a transfer without executing it; by hand, parsing its input',
  unit: 'commands',
  operations: MADE,
  contestants: [
    making('by hand', async () => (turn) => v.parse(hand.TransferInput, toTwo(turn))),
    making('@Command class', () => executedOnce((turn) => new classes.TransferMoney(toTwo(turn)))),
    making('defineCommand', () => executedOnce((turn) => new defined.TransferMoney(toTwo(turn)))),
  ],
};

export const shortStreams: readonly Case[] = [oneStream, twoStreams, tenStreams, rejected, construction];

function making(name: string, prepareToMake: () => Promise<(turn: number) => object>): Contestant {
  return {
    name,
    prepare: async () => {
      const make = await prepareToMake();
      return () => {
        // Kept, so that no compiler finds out that nobody wants them.
        let made: object | undefined;
        for (let turn = 0; turn < MADE; turn++) made = make(turn);
        if (made === undefined) throw new Error('Nothing was made.');
      };
    },
  };
}

/** Until an object of a class was executed, and so looked at whole, making one takes longer. */
async function executedOnce(make: (turn: number) => AnyCommand): Promise<(turn: number) => AnyCommand> {
  await refused(execute(make(0), createMemoryStore()));
  return make;
}

function refused(answer: Promise<unknown>): Promise<void> {
  return answer.then(
    () => {
      throw new Error('This transfer should have been rejected.');
    },
    () => undefined,
  );
}
