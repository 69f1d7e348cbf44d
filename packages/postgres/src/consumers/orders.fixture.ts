/** A process over several steps, with compensation: an order is paid, then shipped; what is out of stock is refunded. */
import { defineCommand, defineStream, execute, keyOf, load, type EventStore } from '@eventcore/core';
import { defineReaction, verdictsOf } from '@eventcore/core/consumers';
import { Whole } from '../fixtures/bank.fixture.js';

/** What everybody has to spend, what an order costs, and how many can be shipped. */
export const [FUNDS, PRICE, IN_STOCK] = [100, 40, 5];

const Wallet = defineStream('wallet', {
  events: { Charged: Whole, Refunded: Whole },
  state: () => ({ balance: FUNDS }),
  fold: {
    Charged: ({ balance }, amount) => ({ balance: balance - amount }),
    Refunded: ({ balance }, amount) => ({ balance: balance + amount }),
  },
});

const Stock = defineStream('stock', {
  events: { Taken: Whole },
  state: () => ({ left: IN_STOCK }),
  fold: { Taken: ({ left }, taken) => ({ left: left - taken }) },
});

type Step = 'placed' | 'paid' | 'declined' | 'shipped' | 'out of stock' | 'refunded';
interface Steps {
  readonly steps: readonly Step[];
}
const adding =
  (step: Step) =>
  ({ steps }: Steps): Steps => ({ steps: [...steps, step] });

const Order = defineStream('order', {
  events: { Placed: Whole, Paid: Whole, Declined: Whole, Shipped: Whole, OutOfStock: Whole, Refunded: Whole },
  state: (): Steps => ({ steps: [] }),
  fold: {
    Placed: adding('placed'),
    Paid: adding('paid'),
    Declined: adding('declined'),
    Shipped: adding('shipped'),
    OutOfStock: adding('out of stock'),
    Refunded: adding('refunded'),
  },
});

export const Place = defineCommand('Place', {
  streams: { order: Order },
  handle: ({ emit }) => emit('order', 'Placed', PRICE),
});

const Pay = defineCommand('Pay', {
  streams: { order: Order, wallet: Wallet },
  handle: ({ state, emit }) => {
    if (state.wallet.balance < PRICE) return emit('order', 'Declined', PRICE);
    emit('wallet', 'Charged', PRICE);
    emit('order', 'Paid', PRICE);
  },
});

const Ship = defineCommand('Ship', {
  streams: { order: Order, stock: Stock },
  handle: ({ state, emit }) => {
    if (state.stock.left === 0) return emit('order', 'OutOfStock', PRICE);
    emit('stock', 'Taken', 1);
    emit('order', 'Shipped', PRICE);
  },
});

const Refund = defineCommand('Refund', {
  streams: { order: Order, wallet: Wallet },
  handle: ({ emit }) => {
    emit('wallet', 'Refunded', PRICE);
    emit('order', 'Refunded', PRICE);
  },
});

/** Orders are called `alice.1`. */
const customerOf = (order: string): string => order.split('.')[0]!;

export const Fulfilment = defineReaction('fulfilment').on(Order, {
  Placed: ({ stream }) => new Pay({ order: keyOf(stream), wallet: customerOf(keyOf(stream)) }),
  Paid: ({ stream }) => new Ship({ order: keyOf(stream), stock: 'book' }),
  OutOfStock: ({ stream }) => new Refund({ order: keyOf(stream), wallet: customerOf(keyOf(stream)) }),
});

export const customers = ['alice', 'bob', 'carol', 'dave'];
const EACH = 3;
const orders = customers.flatMap((customer) => Array.from({ length: EACH }, (_, nth) => `${customer}.${nth}`));

export async function placeOrders(store: EventStore): Promise<void> {
  for (const order of orders) await execute(new Place({ order }), store);
}

const ENDS: readonly string[] = ['placed, declined', 'placed, paid, shipped', 'placed, paid, out of stock, refunded'];

/** Whether all orders have come to an end. */
export async function allEnded(store: EventStore): Promise<boolean> {
  return (await waysOf(store)).every((way) => ENDS.includes(way));
}

async function waysOf(store: EventStore): Promise<readonly string[]> {
  return Promise.all(orders.map(async (order) => (await load(store, Order.at(order))).steps.join(', ')));
}

/** What became of all of it. */
export async function outcome(store: EventStore) {
  const ways = await waysOf(store);
  const count = (way: string): number => ways.filter((other) => other === way).length;
  const balances = await Promise.all(
    customers.map(async (customer) => (await load(store, Wallet.at(customer))).balance),
  );
  const verdicts: string[] = [];
  for await (const { command, verdict } of verdictsOf(store, Fulfilment)) verdicts.push(`${command} ${verdict}`);
  return {
    strayed: ways.filter((way) => !ENDS.includes(way)),
    declined: count(ENDS[0]!),
    shipped: count(ENDS[1]!),
    refunded: count(ENDS[2]!),
    stock: (await load(store, Stock.at('book'))).left,
    spent: customers.length * FUNDS - balances.reduce((sum, balance) => sum + balance, 0),
    overdrawn: balances.filter((balance) => balance < 0),
    paid: verdicts.filter((verdict) => verdict === 'Pay executed').length,
    commands: verdicts.length,
  };
}
