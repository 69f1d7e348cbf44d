import { describe, expect, it } from '@jest/globals';
import { systemRuntime, type CommandId } from '@eventcore/core';
import { CommandIndex } from './command-index.js';
import type { Commit } from './commit.js';

describe('an index of commands', () => {
  it('finds each of many, however often it has grown, and no other', () => {
    const index = new CommandIndex();
    const commits = Array.from({ length: 5_000 }, (_, number) => aCommit(number));
    for (const commit of commits) {
      expect(index.find(commit.commandId)).toBeUndefined();
      index.add(commit);
    }
    for (const commit of commits) expect(index.find(commit.commandId)).toBe(commit);
    expect(index.find(idOf(5_000))).toBeUndefined();
    expect(index.size).toBe(5_000);
  });

  it('tells ids apart by their text where hashes collide', () => {
    // Among 300,000 there are some ten pairs of equal hashes; an index that trusted them would take strangers for known.
    const index = new CommandIndex();
    let strangers = 0;
    for (let number = 0; number < 300_000; number++) {
      const commandId = systemRuntime.uuid() as CommandId;
      if (index.find(commandId) !== undefined) strangers++;
      index.add({ commandId } as Commit);
    }
    expect(strangers).toBe(0);
  });
});

function idOf(number: number): CommandId {
  return `0192f0c1-8f2e-7cc3-98c4-${String(number).padStart(12, '0')}` as CommandId;
}

function aCommit(number: number): Commit {
  return { commandId: idOf(number) } as Commit;
}
