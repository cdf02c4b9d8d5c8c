import { test } from 'vitest';
import { twoPeopleStayTwo } from '../channels/whatsapp/two-people-proof.ts';

const STORIES = Number(process.env.LAKANA_STORIES ?? 300);

test(`in ${STORIES} stories two people stay two, whatever happens to addresses, network and service`, async () => {
  await twoPeopleStayTwo(STORIES, 18 * 60_000);
});
