/** What `doctor` sees of texts that were changed in the room: whether they are the server's own, and still fit. */

import type { Fault } from '../app/changes/what-holds.ts';
import { createLivingContent } from '../app/ground/living-content.ts';
import { readBench, rememberTexts } from '../app/texts/bench.ts';
import { isEnded } from '../app/texts/second-yes.ts';
import type { SeenTexts } from '../app/texts/seen.ts';
import { untoldNow } from '../app/texts/telling.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { Db } from '../db/database.ts';
import { projectFlows } from '../service/own-content.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** Named at most. */
const NAMED = 5;

/** Undefined: nothing was changed there. */
export async function checkTexts(
  db: Db,
  keyring: Keyring,
  now: Date,
  seen?: SeenTexts,
): Promise<Check | undefined> {
  const flows = await projectFlows().catch(() => undefined);
  // Questions that cannot be read are named by their own check.
  if (!flows) return undefined;
  const content = createLivingContent(flows);
  if (seen) rememberTexts({ content }, seen);
  const { states, faults, unfit } = await readBench({ content, keyring }, db);
  if (faults.length > 0)
    return fail(
      'texts',
      `${faults.length} changes of the room are not as the server wrote them (${listed(faults.map(saidOf))})`,
      'somebody wrote in the database, or an old backup was put back; these texts are said as in the files: look at Textes in the room, and write them anew',
    );
  const lost = [...states.values()].filter(({ isDistrusted }) => isDistrusted);
  if (lost.length > 0)
    return fail(
      'texts',
      `${lost.length} texts are said as in the files, since changes of them were lost (${listed(lost.map(({ language, key }) => `${language} ${key}`))})`,
      'write them anew in the room, under Textes, or take the change back there if the files are right',
    );
  const [first] = unfit;
  if (first)
    return warn(
      'texts',
      `${unfit.length} changes of the room do not fit this version, the first: ${first.line}`,
      'mend them in the room, under Textes',
    );
  const untold = untoldNow(states, now);
  if (untold.length > 0)
    return warn(
      'texts',
      `of ${untold.length} changes nobody could be told but the people who made them (${listed(untold.map(({ language, key }) => `${language} ${key}`))})`,
      'read them in the room, under Textes; a supervisor, coordinator or administrator who is none of the two needs a contact in the officers’ chat',
    );
  const changed = [...states.values()].filter(({ said }) => said && said.text !== null).length;
  const waiting = [...states.values()].filter(({ proposed }) => proposed && !isEnded(proposed, now)).length;
  if (changed + waiting === 0) return undefined;
  return ok('texts', `${changed} changed in the room, ${waiting} wait for a second person`);
}

const saidOf = ({ seq, why, of }: Fault): string =>
  `${why.replaceAll('_', ' ')}: row ${seq}, ${of?.map(({ language, key }) => `${language} ${key}`).join(' or ') || 'any text'}`;

const listed = (all: readonly string[]): string =>
  all.length > NAMED ? `${all.slice(0, NAMED).join('; ')}; …` : all.join('; ');
