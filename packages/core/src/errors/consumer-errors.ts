/** How the work of a consumer can end that somebody has to look at. */
import { EventCoreError, nameError } from './event-core-error.js';

/**
 * A projection, a read model or a reaction stopped at an event that it failed to handle. Its checkpoint is before that event.
 * `cause` is what the handler threw.
 */
export class ProjectionFailed extends EventCoreError {
  readonly code = 'PROJECTION_FAILED';
}
nameError(ProjectionFailed, 'ProjectionFailed');
