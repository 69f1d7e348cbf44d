import { given, on } from '@eventcore/testing';
import { expect, test } from 'vitest';
import { Count, Counter } from './counting.ts';

const visits = Counter.at('visits');
const spec = given().when(new Count({ counter: visits, by: 2 }));

test("takes vitest's matchers", async () => {
  await spec.then(on(visits, 'Counted', { by: expect.any(Number), at: expect.stringMatching(/^2000/) }));
  await spec.then(on(visits, 'Counted', expect.objectContaining({ by: 2 })));
});

test('fails as vitest expects it', async () => {
  const wrong = spec.then(on(visits, 'Counted', { by: expect.any(String), at: expect.any(String) }));
  await expect(wrong).rejects.toThrow('by: expected Any<String>, got 2');
});
