/** Commands that read or write a thousand events, and the state of a stream of ten thousand. */
import { load } from '@eventcore/core';
import * as hand from '../by-hand/commands.js';
import type { Case } from '../harness.js';
import { Account } from '../library/account.js';
import * as classes from '../library/classes.js';
import * as defined from '../library/defined.js';
import { visitor, type Population } from '../population.js';
import { bothDoors, byHand, throughLibrary } from './contestants.js';

const established: Population = { accounts: 50, events: 1_000 };
const young: Population = { accounts: 100, events: 1 };
const ancient: Population = { accounts: 5, events: 10_000 };

const establishedAccount = visitor(established);
const youngAccount = visitor(young);
const ancientAccount = visitor(ancient);

// Few to an account, which stays near its thousand events.
const deposits = { population: established, turns: 500 };
const oneDeposit = (turn: number) => ({ account: establishedAccount(turn), amount: 5 });

const thousandEventStream: Case = {
  name: 'thousand-event-stream',
  work: 'a deposit to an account of 1,000 events',
  unit: 'commands',
  operations: deposits.turns,
  contestants: [
    byHand(deposits, (ledger, turn) => hand.deposit(ledger, oneDeposit(turn))),
    ...bothDoors(deposits, classes.Deposit, defined.Deposit, oneDeposit),
  ],
};

// One to an account, so that nobody folds what the batch before has written.
const batches = { population: young, turns: young.accounts };
const amounts = Array.from({ length: 1_000 }, () => 5);
const oneBatch = (turn: number) => ({ account: youngAccount(turn), amounts });

const batchAppend: Case = {
  name: 'batch-append',
  work: 'commands that append 1,000 events each',
  unit: 'events',
  operations: batches.turns * amounts.length,
  contestants: [
    byHand(batches, (ledger, turn) => hand.payIn(ledger, oneBatch(turn))),
    ...bothDoors(batches, classes.PayIn, defined.PayIn, oneBatch),
  ],
};

const loads = { population: ancient, turns: 300 };

const folding: Case = {
  name: 'folding',
  work: 'the state of an account of 10,000 events',
  unit: 'events',
  operations: loads.turns * ancient.events,
  contestants: [
    byHand(loads, (ledger, turn) => hand.load(ledger, ancientAccount(turn))),
    throughLibrary('load', loads, (store, turn) => load(store, Account.at(ancientAccount(turn)))),
  ],
};

export const longStreams: readonly Case[] = [thousandEventStream, batchAppend, folding];
