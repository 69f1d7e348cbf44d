import { eventStoreContract } from '@eventcore/testing';
import { describe, it } from 'vitest';
import { createJournal } from './journal.ts';

eventStoreContract({ describe, it, makeStore: async () => createJournal() });
