import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given, on, rejected } from '@eventcore/testing';
import { Count, Counter } from './counting.ts';

const visits = Counter.at('visits');
const counted = (by: number) => on(visits, 'Counted', { by, at: '2026-03-01T00:00:00.000Z' });

void test('counts', async () => {
  const spec = given(counted(1))
    .at('2026-03-01T00:00:00.000Z')
    .when(new Count({ counter: visits, by: 2 }));
  await spec.then(counted(2));
  await assert.rejects(spec.then(counted(3)), { name: 'SpecFailure' });
});

void test('counts to three', async () => {
  await given(counted(3))
    .when(new Count({ counter: visits, by: 1 }))
    .then(rejected('that is enough'));
});
