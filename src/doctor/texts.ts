/** What `doctor` sees of texts that were changed in the room: whether they are the server's own, and still fit. */

import type { Fault, TextName } from '../app/changes/what-holds.ts';
import { asIs, type Line, line, listed, otherInRoom } from '../app/ground/lines.ts';
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
      line('texts.faults', { count: faults.length, those: someOf(faults.map(saidOf)) }),
      line('texts.faults_mend'),
    );
  const lost = [...states.values()].filter(({ isDistrusted }) => isDistrusted);
  if (lost.length > 0)
    return fail(
      'texts',
      line('texts.lost', { count: lost.length, those: someOf(lost.map(nameOf)) }),
      line('texts.lost_mend'),
    );
  const [first] = unfit;
  if (first) {
    const [{ length: count }, key] = [unfit, `${first.language} ${first.key}`];
    const unfitting = otherInRoom(
      line('texts.unfit', { count, first: first.line }),
      line('texts.unfit', { count, first: key }),
    );
    return warn('texts', unfitting, line('texts.unfit_mend'));
  }
  const untold = untoldNow(states, now);
  if (untold.length > 0)
    return warn(
      'texts',
      line('texts.untold', { count: untold.length, those: someOf(untold.map(nameOf)) }),
      line('texts.untold_mend'),
    );
  const changed = [...states.values()].filter(({ said }) => said && said.text !== null).length;
  const waiting = [...states.values()].filter(({ proposed }) => proposed && !isEnded(proposed, now)).length;
  if (changed + waiting === 0) return undefined;
  return ok('texts', line('texts.well', { changed, waiting }));
}

const nameOf = ({ language, key }: TextName): Line => asIs(`${language} ${key}`);

function saidOf({ seq, why, of = [] }: Fault): Line {
  const [first, ...more] = of.map(nameOf);
  const which = more.reduce((one, other) => line('texts.or', { one, other }), first ?? line('texts.any'));
  return line('texts.fault', { why: line(`texts.why_${why}`), row: seq, which });
}

const someOf = (all: readonly Line[]): Line =>
  listed(all.length > NAMED ? [...all.slice(0, NAMED), asIs('…')] : all);
