/** Somebody wants the worker to do something else: what it was at is left undone, and its checkpoint where it was. */
export class Interrupted {}
