import { expect, test } from 'vitest';
import { createReceiptCodes } from '../../src/app/receipt-codes.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { verifyReceiptCode } from '../../src/crypto/receipt-code.ts';

test('each person gets a code of their own, and it is the one that is stored', async () => {
  const keyring = parseKeyring(generateKeyringFile());
  const codes = createReceiptCodes(keyring, 2);
  const given = await Promise.all([codes.take(), codes.take(), codes.take()]);
  expect(new Set(given.map(({ code }) => code)).size).toBe(3);
  for (const [n, { stored }] of given.entries())
    for (const [m, { code }] of given.entries())
      expect(await verifyReceiptCode(keyring, code, stored)).toBe(n === m);
});

test('whoever takes a code that could not be made is told, and the next one is there', async () => {
  const keyring = parseKeyring(generateKeyringFile());
  let isBroken = true;
  const codes = createReceiptCodes({
    ...keyring,
    pepper: (keyId) => {
      if (isBroken) throw new Error('no pepper');
      return keyring.pepper(keyId);
    },
  });
  await expect(codes.take()).rejects.toThrow('no pepper');
  isBroken = false;
  const tries = await Promise.allSettled(Array.from({ length: 6 }, () => codes.take()));
  expect(tries.at(-1)?.status).toBe('fulfilled');
});
