/** A command that cannot be carried out; the message is for the operator and holds no secret. `code`: of a file that was refused. */
export class KeysError extends Error {
  override readonly name = 'KeysError';

  constructor(
    message: string,
    readonly code?: string,
  ) {
    super(message);
  }
}
