/** Bytes as base64 text, as they travel in JSON. */
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
