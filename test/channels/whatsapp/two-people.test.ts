import { test } from 'vitest';
import { twoPeopleStayTwo } from './two-people-proof.ts';

test('two people stay two, each with her own messages in order, whatever happens to addresses, network and service', async () => {
  await twoPeopleStayTwo(25, 100_000);
}, 120_000);
