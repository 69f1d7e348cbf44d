/** The metadata of events, as handlers take it. */
import type { Json } from '../event/json.js';
import type { RecordedEvent } from '../event/recorded-event.js';
import type { Handled } from './event-handler.js';

declare const takes: unique symbol;

/** A consumer whose handlers take this metadata, or any that is assignable to it. */
export interface TakesMetadata<in Metadata> {
  readonly [takes]: (metadata: Metadata) => void;
}

/** The metadata that the handlers of a consumer take: of a definition, of a class, or of an object of it. */
export type MetadataOf<Consumer> =
  Consumer extends TakesMetadata<infer Metadata>
    ? Metadata
    : Consumer extends abstract new (...parameters: never) => infer Self
      ? MetadataOfMethods<Self>
      : MetadataOfMethods<Consumer>;

/** Whoever takes any JSON takes what any schema gives. */
export type TakesAny<Metadata> = Json extends Metadata ? true : false;

/** What all of its handlers take, at once. */
type MetadataOfMethods<Self> = {
  [K in keyof Self]: Self[K] extends (event: infer Event, ...rest: never) => unknown
    ? [Event] extends [Handled & Pick<RecordedEvent<string, unknown, infer Metadata>, 'metadata'>]
      ? TakesAny<Metadata> extends true
        ? never
        : (metadata: Metadata) => void
      : never
    : never;
}[keyof Self] extends (metadata: infer Metadata) => void
  ? Metadata
  : unknown;
