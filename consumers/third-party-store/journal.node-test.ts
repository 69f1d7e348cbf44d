import { describe, it } from 'node:test';
import { eventStoreContract } from '@eventcore/testing';
import { createJournal } from './journal.ts';

eventStoreContract({ describe, it, makeStore: async () => createJournal() });
