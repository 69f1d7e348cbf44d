import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { defineCommand } from '../command/define-command.js';
import { definitionOf } from '../command/command-definition.js';
import { DefinitionError } from '../errors/input-errors.js';
import { raised } from '../raised.fixture.js';
import { defineStream } from './define-stream.js';
import { narrowed, type StreamTypeWith } from './narrowed.js';

const closed = v.object({});
const Shop = defineStream('shop', {
  events: { Closed: closed, Opened: closed },
  state: () => ({ open: true }),
  fold: {},
});
const Door = defineStream('door', {
  events: { Closed: closed },
  state: () => ({ open: true, locked: false }),
  fold: {},
});

function closing(type: StreamTypeWith<{ Closed: {} }, { open: boolean }>) {
  return defineCommand('Close', { streams: { target: narrowed(type) }, handle: () => {} });
}

describe('narrowed', () => {
  it('makes one command for many stream types, each with the streams of its own', () => {
    expect([closing(Shop), closing(Door)].map((each) => definitionOf(each).fields[0]!.streamType)).toEqual([
      'shop',
      'door',
    ]);
    expect(new (closing(Door))({ target: 'front' }).streams.target.id).toBe('door-front');
  });

  it('is refused where a stream type is needed, if it was none', () => {
    expect(raised(() => closing({} as typeof Shop))).toBeInstanceOf(DefinitionError);
  });
});
