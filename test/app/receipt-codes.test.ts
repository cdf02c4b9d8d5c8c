import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createReceiptCodes, createTurns } from '../../src/app/keys/receipt-codes.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { verifyReceiptCode } from '../../src/crypto/receipt-code.ts';

test('each person gets a code of their own, and it is the one that is stored', async () => {
  const keyring = parseKeyring(generateKeyringFile());
  const codes = createReceiptCodes(keyring, 2);
  expect(() => codes.take()).toThrow('no receipt code lies ready');
  // Asked for after those that are made to lie ready.
  const third = await codes.make();
  const given = [codes.take(), third, codes.take()];
  expect(new Set(given.map(({ code }) => code)).size).toBe(3);
  for (const [n, { stored }] of given.entries())
    for (const [m, { code }] of given.entries())
      expect(await verifyReceiptCode(keyring, code, stored)).toBe(n === m);
});

test('a person who asked for a code that could not be made is told so, and the next code is there', async () => {
  const keyring = parseKeyring(generateKeyringFile());
  let isBroken = true;
  const codes = createReceiptCodes({
    ...keyring,
    pepper: (keyId) => {
      if (isBroken) throw new Error('no pepper');
      return keyring.pepper(keyId);
    },
  });
  await expect(codes.make()).rejects.toThrow('no pepper');
  isBroken = false;
  expect((await codes.make()).code).toHaveLength(16);
});

test('of people who try codes the one with the fewest tries comes first, and the one with the most is sent away', async () => {
  const turns = createTurns(3);
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  const order: number[] = [];
  const asks = (tries: number) => turns.run(tries, async () => void order.push(tries));
  const running = turns.run(1, () => isOver);
  const others = [asks(5), asks(4), asks(4), asks(1), asks(2)];
  resolve();
  await running;
  expect(await Promise.all(others)).toEqual(['busy', undefined, 'busy', undefined, undefined]);
  expect(order).toEqual([1, 2, 4]);
});

test('no program and no setting hashes codes more cheaply: only a test can bring another way', () => {
  const source = join(import.meta.dirname, '../../src');
  const naming = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      /HashCost|type Hashing|createReceiptCodes\(\w+,/.test(readFileSync(join(source, file), 'utf8')),
  );
  expect(naming.toSorted()).toEqual([
    'app/keys/receipt-codes.ts',
    'crypto/receipt-code.ts',
    // Hands on what it was given,
    'service/parts.ts',
  ]);
  // and what starts it gives none.
  const starts = readFileSync(join(source, 'service/run.ts'), 'utf8').match(/startService\(.*\)/g);
  expect(starts).toEqual(['startService(config, log, { teardown, stopping: stopping.signal, guarded })']);
});
