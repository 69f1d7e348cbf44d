/** The form in which a store gives data back: what `prepareAppend` makes of it, or nothing for what it refuses. */
import { isEventCoreError, type Json } from '@eventcore/core';
import { prepareAppend } from '@eventcore/core/store';

const id = '00000000-0000-7000-8000-000000000000';
const stream = 'generated-1';

/** Undefined for data that no append takes. */
export function storedForm(data: unknown): Json | undefined {
  const event = { id, stream, type: 'Generated', data };
  try {
    return prepareAppend({ commandId: id, fingerprint: '', expected: new Map([[stream, 'any']]), events: [event] })
      .events[0]?.data;
  } catch (error) {
    if (isEventCoreError(error, 'VALIDATION')) return undefined;
    throw error;
  }
}
