/** The metadata of events, as the store's schema gives it. */
import type { Json } from '../event/json.js';
import type { EventStore } from './event-store.js';

/** What the events of a store carry: what its schema gives, JSON if it has none. */
export type MetadataIn<Store> = Store extends EventStore<infer Metadata> ? Carried<Metadata> : Json;

/** What events carry, by what a schema gives: nothing is recorded as an empty object. */
export type Carried<Metadata> = unknown extends Metadata
  ? Json
  : undefined extends Metadata
    ? Exclude<Metadata, undefined> | Readonly<Record<string, never>>
    : Metadata;
