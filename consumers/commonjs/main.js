const assert = require('node:assert/strict');
const { defineCommand, defineStream, execute } = require('@eventcore/core');
const { createMemoryStore } = require('@eventcore/memory');
const v = require('valibot');

const Counter = defineStream('counter', {
  events: { Counted: v.object({ by: v.number() }) },
  state: () => ({ total: 0 }),
  fold: { Counted: ({ total }, { by }) => ({ total: total + by }) },
});

const Count = defineCommand('Count', {
  streams: { counter: Counter },
  input: { by: v.number() },
  handle: ({ input, emit }) => emit('counter', 'Counted', { by: input.by }),
});

async function main() {
  const receipt = await execute(new Count({ counter: 'visits', by: 2 }), createMemoryStore());
  assert.equal(receipt.events.length, 1);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
