import { demonstrateSpecs } from './specs.js';
import { demonstrate } from './transfer.js';

await demonstrate();
await demonstrateSpecs();
