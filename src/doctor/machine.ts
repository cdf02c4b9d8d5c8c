/** What `doctor` sees without the database: program, questions, keys, messengers, disk. */

import { stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { asIs, type Line, line, otherInRoom } from '../app/ground/lines.ts';
import { type Config, readSetting } from '../config.ts';
import { factKey } from '../conversation/chapters/chapters.ts';
import { checkContent } from '../conversation/checks/check.ts';
import { problemLine } from '../conversation/checks/problem.ts';
import { isChecked } from '../conversation/flows/facts.ts';
import { fingerprint } from '../crypto/fingerprint.ts';
import { type Keyring, parseKeyring } from '../crypto/keyring.ts';
import type { SigningPublicKey } from '../crypto/verifier.ts';
import { calendarDay } from '../kernel/time.ts';
import { projectFlows } from '../service/own-content.ts';
import { pagesFault, pagesProblem, stopsTrial } from '../service/pages.ts';
import { said } from '../service/thrown-in-words.ts';
import { type Check, fail, ok, problemCheck, warn } from './check.ts';

const NODE_MAJOR = 24;
const GIGABYTE = 2 ** 30;

export function checkRuntime(): Check {
  const { node } = process.versions;
  return Number.parseInt(node, 10) >= NODE_MAJOR
    ? ok('node', asIs(node))
    : fail('node', line('node.old', { version: node }), line('node.old_mend'));
}

/** What staff changed: one bad question must not be found by a reporter. */
export async function checkQuestions(): Promise<Check> {
  try {
    const { flows, textFiles, triageRules } = await projectFlows();
    const today = calendarDay(new Date(), 'Africa/Bamako');
    const problems = checkContent({ flows, texts: textFiles, triage: triageRules, today });
    const [first] = problems;
    if (!first) return ok('questions', line('questions.whole', { steps: flows.steps.size }));
    const toMend = (named: string) => line('questions.to_mend', { number: problems.length, first: named });
    const place = `${first.file}, ${first.key}`;
    return fail('questions', otherInRoom(toMend(problemLine(first)), toMend(place)), line('questions.check'));
  } catch (error) {
    const { message, code } = said(error);
    const unusable = otherInRoom(asIs(message), line('questions.unusable', { code }));
    return fail('questions', unusable, line('questions.check'));
  }
}

/** Languages that reporters are to read and no native speaker has signed; undefined: there are none. */
export async function checkLanguages(
  { languages, isUnreviewedOffered }: Pick<Config, 'languages' | 'isUnreviewedOffered'>,
  content = projectFlows(),
): Promise<Check | undefined> {
  // Questions that cannot be read are named by their own check.
  const found = await content.catch(() => undefined);
  const drafts = languages.filter((each) => found?.texts.drafts.includes(each));
  if (drafts.length === 0) return undefined;
  const named = drafts.map((each) => `${found?.texts.t(each, 'language.name')} (${each})`).join(', ');
  return isUnreviewedOffered
    ? warn('languages', line('languages.offered', { named }), line('languages.offered_mend'))
    : warn('languages', line('languages.not_offered', { named }), line('languages.not_offered_mend'));
}

/** Facts of the pages to read that nobody compared with their source; undefined: there are none. */
export async function checkFacts(
  { unchecked }: Pick<Config, 'unchecked'>,
  content = projectFlows(),
): Promise<Check | undefined> {
  const found = await content.catch(() => undefined);
  if (!found) return undefined;
  const { flows, texts } = found;
  const facts = Object.entries(flows.knowledge.facts);
  const left = facts.filter(
    ([id, fact]) => !isChecked(fact, texts.template(texts.defaultLanguage, factKey(id))),
  );
  if (left.length === 0) return undefined;
  return warn(
    'facts',
    line(unchecked === 'marked' ? 'facts.marked' : 'facts.left_out', {
      left: left.length,
      all: facts.length,
    }),
    line('facts.mend'),
  );
}

/** Whether browsers get what is published. A developer's own pages are so too, in a trial. */
export async function checkPages({ mode }: Pick<Config, 'mode'>, fault = pagesFault()): Promise<Check[]> {
  const found = await fault;
  if (!found) return [ok('pages', line('pages.whole'))];
  return [problemCheck(mode === 'trial' && !stopsTrial(found) ? 'warn' : 'fail', pagesProblem(found))];
}

/** Which keys are in use, so that people can compare them. */
export async function checkKeys(config: Config): Promise<Check[]> {
  if (!config.keys) return [warn('keys', line('keys.trial'), line('keys.trial_mend'))];
  const keyring = parseKeyring(config.keys.serverKey);
  return [
    (await openKeyFile()) ?? ok('server key', asIs(keyring.currentKeyId)),
    checkSigning(keyring, config.keys.pinned),
    ok('team key', line('keys.team', { print: fingerprint(config.keys.recipient) })),
  ];
}

/** Whether what signs cases is what was noted elsewhere. A file that does not fit stops the start already. */
function checkSigning({ signingKeys }: Keyring, pinned: readonly SigningPublicKey[] | undefined): Check {
  const [current] = signingKeys;
  const key: Line = line('keys.signing', { print: String(current?.fingerprint) });
  if (!pinned) return warn('signing key', line('keys.unpinned', { key }), line('keys.pin'));
  if (pinned[0]?.publicKey !== current?.publicKey)
    return warn('signing key', line('keys.rotated', { key }), line('keys.pin'));
  return ok('signing key', key);
}

/** A key file that others on this machine can read. A folder closed to them is as good (container secrets). */
async function openKeyFile(): Promise<Check | undefined> {
  const path = await readSetting('SERVER_KEY_FILE');
  if (path === undefined) return undefined;
  const [file, folder] = await Promise.all([stat(path), stat(dirname(resolve(path)))]).catch(() => []);
  if (!file || !folder || (file.mode & 0o077) === 0 || (folder.mode & 0o077) === 0) return undefined;
  if (path.startsWith('/run/secrets/')) return undefined;
  return warn('server key', line('keys.open'), line('settings.chmod', { path }));
}

/** `.env` holds tokens and passwords. */
export async function checkEnvFile(folder = process.cwd()): Promise<Check[]> {
  const path = join(folder, '.env');
  const [file, around] = await Promise.all([stat(path), stat(folder)]).catch(() => []);
  if (!file || !around || (file.mode & 0o077) === 0 || (around.mode & 0o077) === 0) return [];
  return [warn('.env', line('settings.env_open'), line('settings.chmod', { path }))];
}

/** What messengers see of themselves, on or off. */
export async function checkMessengers({ everyMessenger, messengers }: Config): Promise<Check[]> {
  const checks = everyMessenger.map((messenger) =>
    messenger.checks?.(messengers.find((each) => each.messenger === messenger)?.own),
  );
  return (await Promise.all(checks)).flatMap((each) => each ?? []);
}

/** A full disk loses reports: said while there is time. */
export async function checkDisk(config: Config): Promise<Check> {
  let place = config.dataDir;
  for (;;) {
    const found = await statfs(place).catch(() => undefined);
    if (found) {
      const free = found.bavail * found.bsize;
      const detail = line('disk.free', { size: (free / GIGABYTE).toFixed(1), place: config.dataDir });
      const mend = line('disk.free_mend');
      if (free < 0.2 * GIGABYTE) return fail('disk', detail, mend);
      return free < 2 * GIGABYTE ? warn('disk', detail, mend) : ok('disk', detail);
    }
    if (place === dirname(place)) return warn('disk', line('disk.unseen'), line('disk.unseen_mend'));
    place = dirname(place);
  }
}
