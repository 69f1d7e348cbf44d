import { demonstrateConsuming } from './balances.js';
import { demonstrateSpecs } from './specs.js';
import { demonstrate } from './transfer.js';

await demonstrate();
await demonstrateConsuming();
await demonstrateSpecs();
