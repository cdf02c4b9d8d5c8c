/** What `doctor` sees without the database: program, questions, keys, messengers, disk. */

import { stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Config, readSetting } from '../config.ts';
import { factKey } from '../conversation/chapters/chapters.ts';
import { checkContent } from '../conversation/checks/check.ts';
import { problemLine } from '../conversation/checks/problem.ts';
import { isChecked } from '../conversation/flows/facts.ts';
import { fingerprint } from '../crypto/fingerprint.ts';
import { type Keyring, parseKeyring } from '../crypto/keyring.ts';
import type { SigningPublicKey } from '../crypto/verifier.ts';
import { calendarDay } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import { projectFlows } from '../service/own-content.ts';
import { pagesFault, pagesProblem, stopsTrial } from '../service/pages.ts';
import { said } from '../service/thrown-in-words.ts';
import { type Check, fail, ok, warn } from './check.ts';

const NODE_MAJOR = 24;
const GIGABYTE = 2 ** 30;

export function checkRuntime(): Check {
  const { node } = process.versions;
  return Number.parseInt(node, 10) >= NODE_MAJOR
    ? ok('node', node)
    : fail('node', `${node} is too old`, `run it by ${TOOL} from the project's folder, after npm ci`);
}

/** What staff changed: one bad question must not be found by a reporter. */
export async function checkQuestions(): Promise<Check> {
  try {
    const { flows, textFiles, triageRules } = await projectFlows();
    const today = calendarDay(new Date(), 'Africa/Bamako');
    const problems = checkContent({ flows, texts: textFiles, triage: triageRules, today });
    const [first] = problems;
    if (!first) return ok('questions', `${flows.steps.size}, with rules and texts`);
    return fail(
      'questions',
      `${problems.length} to mend, the first: ${problemLine(first)}`,
      `${TOOL} flows check`,
    );
  } catch (error) {
    return fail('questions', said(error).message, `${TOOL} flows check`);
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
  const mend = 'have a native speaker read every text, then set reviewed in language.yaml';
  return warn(
    'languages',
    isUnreviewedOffered
      ? `${named}: on offer, and nobody has reviewed the texts`
      : `${named}: not on offer, for nobody has reviewed the texts`,
    isUnreviewedOffered ? mend : `${mend}; UNREVIEWED_LANGUAGES=yes offers the draft`,
  );
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
    `${left.length} of ${facts.length} are unchecked: ${unchecked === 'marked' ? 'shown, and marked so' : 'left out'}`,
    'compare them with their sources, then write what ./lakana mechanism facts prints into flows/facts.yaml',
  );
}

/** Whether browsers get what is published. A developer's own pages are so too, in a trial. */
export async function checkPages({ mode }: Pick<Config, 'mode'>, fault = pagesFault()): Promise<Check[]> {
  const found = await fault;
  if (!found) return [ok('pages', 'as they are published with this version')];
  const { setting, problem, mend } = pagesProblem(found);
  if (mode === 'trial' && !stopsTrial(found)) return [warn(setting, problem, mend)];
  return [fail(setting, problem, mend)];
}

/** Which keys are in use, so that people can compare them. */
export async function checkKeys(config: Config): Promise<Check[]> {
  if (!config.keys) return [warn('keys', 'made by trial mode', 'they protect nothing: only for trying out')];
  const keyring = parseKeyring(config.keys.serverKey);
  return [
    (await openKeyFile()) ?? ok('server key', keyring.currentKeyId),
    checkSigning(keyring, config.keys.pinned),
    ok('team key', `${fingerprint(config.keys.recipient)} (compare with the team's own note)`),
  ];
}

/** Whether what signs cases is what was noted elsewhere. A file that does not fit stops the start already. */
function checkSigning({ signingKeys }: Keyring, pinned: readonly SigningPublicKey[] | undefined): Check {
  const [current] = signingKeys;
  const detail = `${current?.fingerprint} (compare with the note of the server's key)`;
  const write = `${TOOL} keys server-public, and set SIGNING_KEY_FILE to the file it writes`;
  if (!pinned) return warn('signing key', `${detail}; nothing says which one it must be`, write);
  if (pinned[0]?.publicKey !== current?.publicKey)
    return warn('signing key', `${detail}; SIGNING_KEY_FILE names one from before a rotation`, write);
  return ok('signing key', detail);
}

/** A key file that others on this machine can read. A folder closed to them is as good (container secrets). */
async function openKeyFile(): Promise<Check | undefined> {
  const path = await readSetting('SERVER_KEY_FILE');
  if (path === undefined) return undefined;
  const [file, folder] = await Promise.all([stat(path), stat(dirname(resolve(path)))]).catch(() => []);
  if (!file || !folder || (file.mode & 0o077) === 0 || (folder.mode & 0o077) === 0) return undefined;
  if (path.startsWith('/run/secrets/')) return undefined;
  return warn('server key', 'other users of this machine can read the file', `chmod 600 ${path}`);
}

/** `.env` holds tokens and passwords. */
export async function checkEnvFile(folder = process.cwd()): Promise<Check[]> {
  const path = join(folder, '.env');
  const [file, around] = await Promise.all([stat(path), stat(folder)]).catch(() => []);
  if (!file || !around || (file.mode & 0o077) === 0 || (around.mode & 0o077) === 0) return [];
  return [warn('.env', 'other users of this machine can read its tokens', `chmod 600 ${path}`)];
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
      const detail = `${(free / GIGABYTE).toFixed(1)} GB free for ${config.dataDir}`;
      const mend = 'make room, or move DATA_DIR to a bigger disk';
      if (free < 0.2 * GIGABYTE) return fail('disk', detail, mend);
      return free < 2 * GIGABYTE ? warn('disk', detail, mend) : ok('disk', detail);
    }
    if (place === dirname(place))
      return warn('disk', 'cannot be looked at', 'see that DATA_DIR can be reached');
    place = dirname(place);
  }
}
