/** Thrown by a handler that misses an earlier fact: the event is delivered again later, and is not counted as a failure. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
}
