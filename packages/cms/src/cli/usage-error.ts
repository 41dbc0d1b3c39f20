/** The command line was used wrongly: the message says how, the usage follows. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
