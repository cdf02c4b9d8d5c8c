/** Receipt codes whose hash costs next to nothing, for worlds in which its strength is not the subject. */
import type { Hashing } from '../src/app/keys/receipt-codes.ts';
import { hashReceiptCode, verifyReceiptCode } from '../src/crypto/receipt-code.ts';

const COST = { N: 2, r: 1, p: 1, maxmem: 1024 * 1024 };

export const CHEAP_CODES: Hashing = {
  hash: (keyring, code) => hashReceiptCode(keyring, code, COST),
  verify: (keyring, code, stored) => verifyReceiptCode(keyring, code, stored, COST),
};
