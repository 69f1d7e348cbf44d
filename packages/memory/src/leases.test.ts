import { describe, expect, it } from '@jest/globals';
import { START, type Position } from '@eventcore/core';
import { Checkpoints } from './checkpoints.js';
import { Leases } from './leases.js';

describe('a lease', () => {
  it('is refused to others while it runs, and granted once it has expired', () => {
    const { leases, clock } = arrange();
    expect(leases.acquire('balances', 'first', 100)).toBeDefined();
    clock.now = 99;
    expect(leases.acquire('balances', 'second', 100)).toBeUndefined();
    clock.now = 100;
    expect(leases.acquire('balances', 'second', 100)).toBeDefined();
  });

  it('is one for each consumer', () => {
    const { leases } = arrange();
    expect(leases.acquire('balances', 'first', 100)).toBeDefined();
    expect(leases.acquire('audit', 'second', 100)).toBeDefined();
  });

  it('has a higher fence with each grant: after expiry, after release, to the same holder', () => {
    const { leases, clock } = arrange();
    const fences = [leases.acquire('balances', 'first', 100)!.fence];
    fences.push(leases.acquire('balances', 'first', 100)!.fence);
    leases.release('balances', fences[1]!);
    fences.push(leases.acquire('balances', 'second', 100)!.fence);
    clock.now = 1_000;
    fences.push(leases.acquire('balances', 'first', 100)!.fence);
    expect(fences).toEqual([...new Set(fences)].sort((one, other) => one - other));
  });

  it('is renewed by whoever holds it, from now on', () => {
    const { leases, clock } = arrange();
    const { fence } = leases.acquire('balances', 'first', 100)!;
    clock.now = 90;
    expect(leases.renew('balances', fence, 100)).toBe(true);
    clock.now = 189;
    expect(leases.acquire('balances', 'second', 100)).toBeUndefined();
  });

  it('is not renewed once it has expired, was released, or has passed on', () => {
    const { leases, clock } = arrange();
    const first = leases.acquire('balances', 'first', 100)!;
    clock.now = 100;
    expect(leases.renew('balances', first.fence, 100)).toBe(false);
    const second = leases.acquire('balances', 'second', 100)!;
    expect(leases.renew('balances', first.fence, 100)).toBe(false);
    leases.release('balances', second.fence);
    expect(leases.renew('balances', second.fence, 100)).toBe(false);
    expect(leases.renew('unheard-of', 1, 100)).toBe(false);
  });

  it('is not released by one who has lost it', () => {
    const { leases, clock } = arrange();
    const first = leases.acquire('balances', 'first', 100)!;
    clock.now = 100;
    leases.acquire('balances', 'second', 100);
    leases.release('balances', first.fence);
    expect(leases.acquire('balances', 'third', 100)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  const here = '0000000000000001.0000' as Position;

  it('is the start until it is saved', () => {
    const { checkpoints } = arrange();
    expect(checkpoints.load('balances')).toBe(START);
    checkpoints.save('balances', here, undefined);
    expect(checkpoints.load('balances')).toBe(here);
    expect(checkpoints.load('audit')).toBe(START);
  });

  it('is refused to a worker that was paused past its lease, once another one has it', () => {
    const { leases, checkpoints, clock } = arrange();
    const paused = leases.acquire('balances', 'first', 100)!;
    clock.now = 100;
    const current = leases.acquire('balances', 'second', 100)!;
    expect(() => checkpoints.save('balances', here, paused.fence)).toThrow(
      expect.objectContaining({ code: 'LEASE_LOST' }),
    );
    expect(checkpoints.load('balances')).toBe(START);
    checkpoints.save('balances', here, current.fence);
    expect(checkpoints.load('balances')).toBe(here);
  });

  it('is saved for a worker that is late but alone', () => {
    const { leases, checkpoints, clock } = arrange();
    const { fence } = leases.acquire('balances', 'first', 100)!;
    clock.now = 1_000;
    checkpoints.save('balances', here, fence);
    expect(checkpoints.load('balances')).toBe(here);
  });
});

function arrange() {
  const clock = { now: 0 };
  const leases = new Leases({ now: () => clock.now });
  return { clock, leases, checkpoints: new Checkpoints(leases) };
}
