/** A command that cannot be carried out; the message is for the operator and holds no secret. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

/** A command that was not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
