/**
 * The one error class of the service.
 *
 * What can be expected is a returned value; a thrown `LakanaError` is a bug or broken infrastructure.
 * `message` and `code` never hold user text, names, numbers, addresses or tokens.
 */
export class LakanaError extends Error {
  /** Stable, searchable, lower_snake_case: `seal_header_mismatch`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LakanaError';
    this.code = code;
  }
}

/** For the default branch of an exhaustive switch: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new LakanaError('unreachable', `unexpected variant ${typeof value}`);
}
