// The rooms of each package, in the order in which a command passes through them, and the doors between them: who knows whom,
// and why. A room may know only what stands before it. `tools/check-rooms.mjs` holds the imports against this page, and draws
// docs/architecture.svg from it.

/**
 * @typedef {{ name: string, holds: string, knows: Record<string, string> }} Room
 * @typedef {{ package: string, holds: string, rooms: Room[] }} House
 */

/** @type {House[]} */
export const houses = [
  {
    package: 'core',
    holds: 'the DSL, the executor, the contract of stores, consumers',
    rooms: [
      { name: 'errors', holds: 'what can go wrong: one family', knows: {} },
      { name: 'runtime', holds: 'clock, sleep, chance, ids: all that isn’t determined', knows: {} },
      {
        name: 'event',
        holds: 'ids, names, positions, records, JSON',
        knows: { errors: 'what no store may be given is refused here' },
      },
      {
        name: 'stream',
        holds: 'stream types: schemas, versions, folds',
        knows: {
          errors: 'definitions and payloads are refused here',
          event: 'a stream has an id, and its events have names',
        },
      },
      {
        name: 'command',
        holds: 'command classes, and what they declare',
        knows: {
          errors: 'definitions and inputs are refused here',
          event: 'a command has an id, and names streams by theirs',
          stream: 'a field is of a stream type, an input of a schema',
        },
      },
      {
        name: 'store',
        holds: 'the contract that every store keeps',
        knows: {
          errors: 'what a store may say has gone wrong',
          event: 'stores keep events, and know nothing of stream types or commands',
        },
      },
      {
        name: 'decide',
        holds: 'running the rule: state in, events out',
        knows: {
          errors: 'a rule that says no is an error of the family',
          event: 'what is emitted gets an id',
          stream: 'payloads are parsed by the schemas of stream types',
          command: 'the rule, and what it may touch, stand in its definition',
          store: 'a decision gives events in the form in which an append takes them',
        },
      },
      {
        name: 'observe',
        holds: 'hooks, channels, warnings',
        knows: {
          errors: 'observers are told of errors',
          event: 'observers are told of streams and versions',
          store: 'observers are told of receipts',
        },
      },
      {
        name: 'share',
        holds: 'many executions, few calls',
        knows: {
          errors: 'a store that answers what it was not asked',
          runtime: 'a call may be late, or sent again after a while',
          event: 'versions and ids go through it',
          stream: 'what is kept warm is folded',
          command: 'back-off is the retry policy of commands',
          store: 'it asks a store, by the contract',
        },
      },
      {
        name: 'execute',
        holds: 'read, fold, discover, decide, append, retry',
        knows: {
          errors: 'an execution ends with one of them, or with a receipt',
          event: 'versions and ids go through it',
          stream: 'what is read is folded',
          command: 'a command is what is executed',
          store: 'it asks a store, by the contract',
          decide: 'each attempt decides',
          observe: 'each phase is told',
          share: 'what can be shared is',
          runtime: 'it takes the time, and sleeps, by a runtime',
        },
      },
      {
        name: 'read',
        holds: 'load, readStream, streams, replay, subscribe',
        knows: {
          errors: 'what can’t be read is refused',
          event: 'events are what is read',
          stream: 'events are folded and upcast by their stream types',
          store: 'it asks a store, by the contract',
          observe: 'a subscription that can’t be woken warns',
          runtime: 'a subscription sleeps between polls',
        },
      },
      {
        name: 'consume',
        holds: 'projections, read models, reactions',
        knows: {
          errors: 'definitions are refused here',
          event: 'handlers are given events',
          stream: 'handlers name stream types',
          command: 'reactions give commands; the dialects of decorators are told apart there',
          store: 'a consumer has a filter',
          execute: 'reactions give what can be executed',
          read: 'an event is given as its newest schema has it',
        },
      },
      {
        name: 'run',
        holds: 'leases, steps, failures, rebuilds',
        knows: {
          errors: 'a consumer ends with one of them',
          event: 'checkpoints are positions',
          stream: 'unknown events are told apart as folds do',
          command: 'back-off is the retry policy of commands',
          store: 'checkpoints, leases, rows and steps are the store’s capabilities',
          observe: 'each phase is told',
          execute: 'reactions’ commands are executed',
          runtime: 'leases are renewed in time',
          read: 'consumers subscribe',
          consume: 'consumers are what is run',
        },
      },
    ],
  },
  {
    package: 'memory',
    holds: 'the store without a database',
    rooms: [],
  },
  {
    package: 'postgres',
    holds: 'the store on PostgreSQL: pg, Kysely, PGlite',
    rooms: [
      { name: 'connection', holds: 'from pools, Kysely, PGlite to answered calls', knows: {} },
      {
        name: 'sql',
        holds: 'what all statements are made of',
        knows: { connection: 'a statement is what a connection runs' },
      },
      {
        name: 'read',
        holds: 'streams, look-ups, listings',
        knows: { connection: 'it runs a statement', sql: 'its statements, and records from rows' },
      },
      {
        name: 'append',
        holds: 'appends, and appends under a hold',
        knows: {
          connection: 'it runs a statement, and tells how far a failed one came',
          sql: 'its statements, and records from rows',
          read: 'a hold hands over pages, as a read does',
        },
      },
      {
        name: 'feed',
        holds: 'all events in order, up to where it is safe',
        knows: {
          connection: 'it runs a statement',
          sql: 'its statements, and records from rows',
          read: 'its pages have the same limits',
          append: 'it ends appends that hold it up',
        },
      },
      {
        name: 'consumers',
        holds: 'checkpoints, leases, rows, transactions',
        knows: {
          connection: 'steps run in transactions',
          sql: 'its statements',
          read: 'rows come in pages of the same limits',
          append: 'a lease that a stopped session keeps is freed as a stream is',
        },
      },
      {
        name: 'schema',
        holds: 'tables, functions, rights; migrating them',
        knows: {
          connection: 'migrations run on one',
          sql: 'what all statements are made of',
          read: 'it installs its functions',
          append: 'it installs its functions',
          feed: 'it installs its functions',
          consumers: 'it installs its functions',
        },
      },
      {
        name: 'postgres-store.ts',
        holds: 'the store, put together',
        knows: {
          connection: 'it opens one',
          sql: 'its statements',
          read: 'it reads',
          append: 'it appends',
          feed: 'it gives the feed',
          consumers: 'it offers what consumers need',
          schema: 'it migrates',
        },
      },
      {
        name: 'cli',
        holds: 'the command eventcore-postgres',
        knows: { schema: 'it migrates', 'postgres-store.ts': 'it opens a store' },
      },
    ],
  },
  {
    package: 'testing',
    holds: 'specs, properties, simulation, the judge, the contract suite',
    rooms: [
      { name: 'specs', holds: 'given, when, then', knows: {} },
      { name: 'chaos', holds: 'a store behind a bad network', knows: {} },
      { name: 'judge', holds: 'what a recorded history proves', knows: {} },
      {
        name: 'record',
        holds: 'recording what happens',
        knows: { chaos: 'it stands around a store', judge: 'it writes the history that the judge reads' },
      },
      {
        name: 'simulate',
        holds: 'every interleaving, from a seed',
        knows: {
          chaos: 'its stores are behind a bad network',
          judge: 'each run is judged',
          record: 'each run is recorded',
        },
      },
      {
        name: 'contract',
        holds: 'what every store has to keep',
        knows: { specs: 'differences are told as specs tell them' },
      },
      {
        name: 'generators',
        holds: 'values, events and commands for fast-check',
        knows: { contract: 'hostile texts are those of the suite' },
      },
      { name: 'run', holds: 'tests of running consumers, on memory', knows: {} },
    ],
  },
];
