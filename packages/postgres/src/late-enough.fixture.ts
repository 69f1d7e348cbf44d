/** Deadlines that come when a call is under way, on a machine of any speed. */
import { isEventCoreError } from '@eventcore/core';

/** Calls with a deadline that is near. If it comes before anything was sent, the call is made again, with a later one. */
export async function lateEnough<Result>(call: (deadline: number) => Promise<Result>): Promise<Result> {
  for (let patience = 50; ; patience *= 2) {
    try {
      return await call(Date.now() + patience);
    } catch (error) {
      if (!isEventCoreError(error, 'DEADLINE_EXCEEDED')) throw error;
    }
  }
}
