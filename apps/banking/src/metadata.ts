/** What every event of the bank carries besides its data. */
import * as v from 'valibot';

export const Metadata = v.object({
  /** On whose behalf it happened. */
  user: v.string(),
  /**
   * When it was booked, where that wasn't when it was recorded: the history that the bank brings along from before. Events
   * are recorded when they are recorded, and no store lets anybody write another time into that.
   */
  bookedAt: v.optional(v.pipe(v.string(), v.isoTimestamp())),
});
export type Metadata = v.InferOutput<typeof Metadata>;

/** What is needed to tell when something was booked. */
export interface Booked {
  readonly recordedAt: string;
  readonly metadata: Metadata;
}

export function bookedAt({ recordedAt, metadata }: Booked): string {
  return metadata.bookedAt ?? recordedAt;
}
