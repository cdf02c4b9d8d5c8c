/**
 * Receipt codes made ahead: hashing one takes longer than everything else about a report, and a transaction that
 * waited for it would keep a connection from somebody who cries for help.
 *
 * Invariant: a code is given out once; one that was never given out is nobody's.
 */

import type { Keyring } from '../crypto/keyring.ts';
import { hashReceiptCode, newReceiptCode, type ReceiptCodeHash } from '../crypto/receipt-code.ts';

export type ReceiptCodes = {
  /** A fresh code and what is stored of it. */
  take(): Promise<MadeCode>;
};

type MadeCode = { code: string; stored: ReceiptCodeHash };

/** `ahead`: how many lie ready once the first was asked for. */
export function createReceiptCodes(keyring: Keyring, ahead = 4): ReceiptCodes {
  const ready: Promise<MadeCode>[] = [];
  const make = async (): Promise<MadeCode> => {
    const code = newReceiptCode();
    return { code, stored: await hashReceiptCode(keyring, code) };
  };
  const refill = (): void => {
    while (ready.length < ahead) {
      const made = make();
      // Told to whoever takes it.
      made.catch(() => undefined);
      ready.push(made);
    }
  };
  return {
    take() {
      const next = ready.shift() ?? make();
      refill();
      return next;
    },
  };
}
