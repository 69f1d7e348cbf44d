export default { test: { include: ['journal.vitest.ts'], testTimeout: 30_000 } };
