import { demonstrateConsuming } from './balances.js';
import { demonstrate } from './transfer.js';

await demonstrate();
await demonstrateConsuming();
