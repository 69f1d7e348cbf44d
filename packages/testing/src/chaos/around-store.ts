import type { EventStore } from '@eventcore/core';

/** A store that does as another one does, but for what is changed. Works for stores that are instances of a class, too. */
export function aroundStore<Metadata>(
  store: EventStore<Metadata>,
  changed: Partial<EventStore<Metadata>>,
): EventStore<Metadata> {
  return {
    read: (...given) => store.read(...given),
    append: (...given) => store.append(...given),
    readAll: (...given) => store.readAll(...given),
    ...(store.hold !== undefined && { hold: (...given) => store.hold!(...given) }),
    ...(store.watch !== undefined && { watch: (signal) => store.watch!(signal) }),
    capabilities: store.capabilities,
    ...(store.settings !== undefined && { settings: store.settings }),
    ...(store.limits !== undefined && { limits: store.limits }),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    ...changed,
  };
}

/** A call of a store that a test can make fail, or count. */
export type StoreCall = 'read' | 'append' | 'readAll' | 'hold';

const calls: readonly StoreCall[] = ['read', 'append', 'readAll', 'hold'];

/** @throws RangeError for a call that a store doesn't have. */
export function checkCall(call: string): void {
  if (!(calls as readonly string[]).includes(call)) {
    throw new RangeError(`A store has no call "${call}". There are ${calls.join(', ')}.`);
  }
}

/** A store that does something before each call; where that throws, the call isn't made. */
export function aroundCalls<Metadata>(
  store: EventStore<Metadata>,
  before: (call: StoreCall) => void,
): EventStore<Metadata> {
  return aroundStore(store, {
    read: async (...given) => (before('read'), store.read(...given)),
    append: async (...given) => (before('append'), store.append(...given)),
    readAll: async (...given) => (before('readAll'), store.readAll(...given)),
    ...(store.hold !== undefined && { hold: async (...given) => (before('hold'), store.hold!(...given)) }),
  });
}
