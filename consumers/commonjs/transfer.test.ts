import { demonstrate } from './src/transfer';

declare const it: (name: string, test: () => Promise<void>) => void;

it('transfers money', () => demonstrate());
