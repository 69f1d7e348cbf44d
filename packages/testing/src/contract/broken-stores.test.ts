import { describe, expect, it } from '@jest/globals';
import { failuresOf, minimalStore, fullStore } from './broken-store.js';

describe('the suite', () => {
  it('finds nothing', async () => {
    for (let i = 0; i < 3; i++) {
      const t = performance.now();
      const failures = await failuresOf({ makeStore: async () => minimalStore(() => ({})) });
      expect([...failures]).toEqual([]);
      console.log(performance.now() - t);
      const u = performance.now();
      expect([
        ...(await failuresOf({
          makeStore: async () => fullStore(() => ({})),
          offers: ['hold', 'watch', 'checkpoints', 'leases', 'lookup', 'listing', 'distance'],
        })),
      ]).toEqual([]);
      console.log(performance.now() - u);
    }
  }, 60000);
});
