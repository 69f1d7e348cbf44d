import type { CommandId, Json } from '@eventcore/core';
import type { Fingerprint } from '@eventcore/core/store';

/** A command as it was recorded: what all its events say. */
export interface Commit {
  /** 1, 2, 3, … without a gap: one number for each command that wrote anything. */
  readonly sequence: number;
  readonly commandId: CommandId;
  readonly fingerprint: Fingerprint;
  readonly correlationId: string;
  readonly causationId: string;
  readonly metadata: Json;
  readonly recordedAt: string;
  /** The ordinals of its events: from `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
}
