/** Why a license document was refused, in the order the checks are made. Stable: callers map these to their own codes. */
export type DocumentErrorCode =
  | 'malformed'
  | 'root_unknown'
  | 'certificate_invalid'
  | 'signature_invalid'
  | 'revocations_invalid'
  | 'key_revoked'
  | 'unsupported_version'
  | 'certificate_expired'
  | 'wrong_controller'
  | 'superseded';

/** A license document, or its certificate, that must not be used. The message is fit for a person and echoes no input. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly code: DocumentErrorCode;

  constructor(code: DocumentErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Why a `.lic`, `.req` or `.ret` file was refused: over its size, cut short, not such a file or damaged, its text and its
 * signed block at odds, of a later format version, or (`.req` and `.ret`) not signed by the device key it carries.
 */
export type FileErrorCode =
  | 'too_large'
  | 'truncated'
  | 'malformed'
  | 'head_mismatch'
  | 'unsupported_version'
  | 'signature_invalid';

/** A file that must not be used. The message is fit for a person and echoes no input. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Why a device proof was refused. */
export type ProofErrorCode = 'malformed' | 'signature_invalid';

/** A device proof that proves nothing. The message echoes no input. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
  readonly code: ProofErrorCode;

  constructor(code: ProofErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Why a key could not be used: not a key in that form, not Ed25519, or the passphrase does not open it. */
export type KeyErrorCode = 'malformed' | 'wrong_type' | 'passphrase_invalid';

/** A key that cannot be used. The message never contains key material. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Internal: a structural fault found by the shared readers; each public function turns it into its own error. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}
