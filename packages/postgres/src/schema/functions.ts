/** All functions of the database, in an order in which each finds those that it is made of. */
import { append } from '../append.sql.js';
import { checkpoints } from '../checkpoints.sql.js';
import { countEvents } from '../distance.sql.js';
import { erase } from '../erase.sql.js';
import { endStalled } from '../end-stalled.sql.js';
import { readFeed, versionAt } from '../feed.sql.js';
import { feedHead } from '../head.sql.js';
import { hold } from '../hold.sql.js';
import { leases } from '../leases.sql.js';
import { listStreams } from '../listing.sql.js';
import { findEvents } from '../lookup.sql.js';
import { read } from '../read.sql.js';
import { recordedCommand } from '../record.sql.js';
import { rows } from '../rows.sql.js';
import { safePosition } from '../safe-position.sql.js';
import { takeStep } from '../step.sql.js';
import { guardTransaction } from './guard-transaction.sql.js';
import { refusals } from './immutable.sql.js';
import { lockKeys } from './lock-keys.sql.js';
import { lockStreams } from './lock-streams.sql.js';
import type { SchemaName } from './sql.js';

export function functions(schema: SchemaName): readonly string[] {
  return [
    ...lockKeys(schema),
    ...refusals(schema),
    guardTransaction(schema),
    lockStreams(schema),
    recordedCommand(schema),
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
