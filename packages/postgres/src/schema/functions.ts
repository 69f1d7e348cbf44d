/** All functions of the database, in an order in which each finds those that it is made of. */
import { append } from '../append/append.sql.js';
import { checkpoints } from '../consumers/checkpoints.sql.js';
import { countEvents } from '../feed/distance.sql.js';
import { erase } from './erase.sql.js';
import { endStalled } from '../append/end-stalled.sql.js';
import { readFeed, versionAt } from '../feed/feed.sql.js';
import { feedHead } from '../feed/head.sql.js';
import { hold } from '../append/hold.sql.js';
import { leases } from '../consumers/leases.sql.js';
import { listStreams } from '../read/listing.sql.js';
import { findEvents } from '../read/lookup.sql.js';
import { read } from '../read/read.sql.js';
import { recordedCommand } from '../sql/record.sql.js';
import { rows } from '../consumers/rows.sql.js';
import { safePosition } from '../feed/safe-position.sql.js';
import { takeStep } from '../consumers/step.sql.js';
import { guardTransaction } from '../sql/guard-transaction.sql.js';
import { refusals } from './immutable.sql.js';
import { oversizeOf } from '../append/stored-size.sql.js';
import { lockKeys } from '../sql/lock-keys.sql.js';
import { lockStreams } from '../sql/lock-streams.sql.js';
import type { SchemaName } from '../sql/sql.js';

export function functions(schema: SchemaName): readonly string[] {
  return [
    ...lockKeys(schema),
    ...refusals(schema),
    guardTransaction(schema),
    lockStreams(schema),
    recordedCommand(schema),
    oversizeOf(schema),
    append(schema),
    read(schema),
    hold(schema),
    safePosition(schema),
    versionAt(schema),
    readFeed(schema),
    endStalled(schema),
    ...checkpoints(schema),
    ...leases(schema),
    ...rows(schema),
    takeStep(schema),
    feedHead(schema),
    findEvents(schema),
    listStreams(schema),
    countEvents(schema),
    erase(schema),
  ];
}
