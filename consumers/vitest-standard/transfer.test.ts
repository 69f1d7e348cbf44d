import { it } from 'vitest';
import { demonstrateConsuming } from './src/balances.js';
import { demonstrateSpecs } from './src/specs.js';
import { demonstrate } from './src/transfer.js';

it('transfers money', () => demonstrate());
it('projects', () => demonstrateConsuming());
it('keeps specs', () => demonstrateSpecs());
