import type { Runtime } from '@eventcore/core';

/** Tells when something was recorded, as ISO text. Writing the text costs ten times what looking at the clock does. */
export function commitClock(runtime: Pick<Runtime, 'now'>): () => string {
  let millisecond = Number.NaN;
  let text = '';
  return () => {
    const now = runtime.now();
    if (now !== millisecond) {
      text = new Date(now).toISOString();
      millisecond = now;
    }
    return text;
  };
}
