export default { test: { include: ['counting.vitest.ts'] } };
