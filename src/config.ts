/**
 * Settings: environment variables, or a file `.env` in the working directory. Read here and nowhere else.
 *
 * Invariants: a bad setting stops the start with one line that names it and the mend; secrets are wrapped, so
 * that printing a config prints none; live mode has keys from outside `DATA_DIR` and a pinned team key.
 */

import { resolve } from 'node:path';
import type { FileBudgets } from './app/ground/context.ts';
import type { Settings as Backup } from './backup/settings.ts';
import { readBackup } from './config-backup.ts';
import { readEnvFile } from './config-file.ts';
import { type Problem, problem, readKeys, unprintable } from './config-keys.ts';
import { unknownSettings } from './config-names.ts';
import { namesOf, type Settings, schemaOf } from './config-schema.ts';
import { checkTogether, refuseHalfLive } from './config-together.ts';
import type { Unchecked } from './conversation/chapters/chapters.ts';
import type { SigningPublicKey } from './crypto/verifier.ts';
import { type AddressList, parseAddressList } from './kernel/addresses.ts';
import { LakanaError } from './kernel/errors.ts';
import type { LogLevel } from './kernel/log.ts';
import { Secret } from './kernel/secret.ts';
import { type Mode, type PageDetail, type Way, WEEKDAYS } from './kernel/vocabulary.ts';
import { MESSENGERS } from './messengers/list.ts';
import type { Messenger, Wanted } from './messengers/messenger.ts';

export type Config = {
  mode: Mode;
  dataDir: string;
  /** The installation's own flows, lists and texts, which count before the program's; absent: none. */
  contentDir?: string;
  /** The operator's own PostgreSQL; absent: the embedded one in `dataDir`. */
  databaseUrl?: Secret;
  host: string;
  port: number;
  publicUrl?: string;
  logLevel: LogLevel;
  /** Every messenger that there is, and those that are on. */
  everyMessenger: readonly Messenger[];
  messengers: readonly Wanted[];
  /** When the weekly exercise is, as cron in `timeZone`; absent: none. Trial mode has none. */
  drill?: string;
  /** Pinged while all is well. */
  heartbeatUrl?: Secret;
  /** The outside contact, told that no supervisor, or nobody, may have a case. */
  outsideContact?: { way: Exclude<Way, 'webhook'>; address: string };
  /** Further ways to page officers; absent: off. */
  email?: { url: Secret; from: string };
  ntfy?: { url: string; token?: Secret };
  africasTalking?: {
    username: string;
    apiKey: Secret;
    smsFrom?: string;
    callFrom?: string;
    smsRoot: string;
    voiceRoot: string;
  };
  /** Live mode: content of the server's key file, and the team's public half. */
  keys?: { serverKey: string; recipient: string; pinned?: readonly SigningPublicKey[] };
  languages: readonly string[];
  /** Whether also those of them are on offer whose texts no native speaker has read and signed. */
  isUnreviewedOffered: boolean;
  /** What reporters see of facts that nobody checked; a trial shows them. */
  unchecked: Unchecked;
  defaultLanguage: string;
  alertDetail: PageDetail;
  timeZone: string;
  floodPerMinute: number;
  /** Whether `/` is a page that everybody may read; absent: it is not. */
  isPagePublic?: boolean;
  /** How many days a contact outside counts as verified; absent: the usual. */
  contactsFreshDays?: number;
  /** How much of files is taken, and how much room is left for words, in bytes; absent: the usual. */
  files?: FileBudgets;
  diskReserve?: number;
  /** The biggest that a database elsewhere (`databaseUrl`) may become, in bytes. */
  databaseMost?: number;
  isMetricsPublic: boolean;
  /** By it the operator's own tools read metrics and details, from wherever they ask. */
  metricsToken?: Secret;
  /** Where backups go, and whom they are sealed to; absent: none are made. */
  backup?: Backup;
  /** Proxies whose word about who is asking is taken. */
  trustedProxy?: AddressList;
};

export type ReadConfig = { ok: true; config: Config } | { ok: false; problems: Problem[] };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `environment`, completed by `.env` in `folder` (default: the working directory). `list`: the messengers that there
 * are.
 */
export async function readConfig(
  environment: Environment,
  folder = process.cwd(),
  list = MESSENGERS,
): Promise<ReadConfig> {
  const file = await readEnvFile(folder);
  const names = namesOf(list);
  const unknown = unknownSettings(
    names,
    file.values,
    environment,
    list.flatMap(({ settings }) => Object.keys(settings.schema)),
  );
  // Something that was meant for one of our settings: what is set without it is not what was wanted.
  const before = [...file.problems, ...unknown];
  if (before.length > 0) return { ok: false, problems: before };
  const parsed = schemaOf(list).safeParse(
    Object.fromEntries(names.map((name) => [name, given(name, environment, file.values)])),
  );
  if (parsed.success) return check(parsed.data, folder, list);
  const problems = new Map<string, Problem>();
  for (const issue of parsed.error.issues) {
    const setting = String(issue.path[0]);
    const said = issue.code === 'custom' ? issue.params?.problem : undefined;
    if (!problems.has(setting))
      problems.set(setting, problem(setting, said ?? 'cannot be used as it is', issue.message));
  }
  return { ok: false, problems: [...problems.values()] };
}

/** What is empty in the environment (a container's unset variable) takes nothing away that stands in the file. */
const given = (name: string, environment: Environment, fromFile: Environment): string | undefined =>
  environment[name]?.trim() || fromFile[name] || undefined;

/** One setting as it was given, unchecked: for commands that make what other settings need. Throws if `.env` cannot be read. */
export async function readSetting(
  name: string,
  environment: Environment = process.env,
  folder = process.cwd(),
): Promise<string | undefined> {
  const { values, problems } = await readEnvFile(folder);
  const [wrong] = problems;
  if (wrong) throw new LakanaError('settings', `${wrong.setting} ${wrong.problem}: ${wrong.mend}`);
  return given(name, environment, values);
}

async function check(
  settings: Settings,
  folder: string,
  everyMessenger: readonly Messenger[],
): Promise<ReadConfig> {
  const problems: Problem[] = [];
  const languages = [...new Set(settings.LANGUAGES.split(',').map((each) => each.trim()))];
  if (!languages.includes(settings.DEFAULT_LANGUAGE))
    problems.push(
      problem('DEFAULT_LANGUAGE', 'is not one of LANGUAGES', `give one of ${languages.join(', ')}`),
    );
  const messengers = everyMessenger.flatMap((messenger): Wanted[] => {
    const own = messenger.settings.read(settings, { publicUrl: settings.PUBLIC_URL }, problems);
    return own === undefined ? [] : [{ messenger, own }];
  });
  checkTogether(settings, problems);
  const isLive = messengers.length > 0;
  if (!isLive) refuseHalfLive(settings, everyMessenger, problems);
  const keys = isLive ? await readKeys(settings, folder, problems) : undefined;
  const backup = await readBackup(settings, folder, problems, everyMessenger);
  if (problems.length > 0) return { ok: false, problems };
  const config = toConfig(settings, folder, { everyMessenger, messengers, languages, keys });
  return { ok: true, config: { ...config, ...(backup ? { backup } : {}) } };
}

const MEGABYTE = 1_000_000;

function toConfig(
  settings: Settings,
  folder: string,
  read: Pick<Config, 'everyMessenger' | 'messengers' | 'languages'> & { keys: Config['keys'] | undefined },
): Config {
  const { everyMessenger, messengers, languages, keys } = read;
  const isLive = messengers.length > 0;
  const trustedProxy = settings.TRUSTED_PROXY ? parseAddressList(settings.TRUSTED_PROXY) : undefined;
  return {
    mode: isLive ? 'live' : 'trial',
    dataDir: resolve(folder, settings.DATA_DIR),
    ...(settings.CONTENT_DIR ? { contentDir: resolve(folder, settings.CONTENT_DIR) } : {}),
    ...(settings.DATABASE_URL ? { databaseUrl: new Secret(settings.DATABASE_URL) } : {}),
    host: settings.HOST,
    port: settings.PORT,
    ...(settings.PUBLIC_URL ? { publicUrl: settings.PUBLIC_URL } : {}),
    logLevel: settings.LOG_LEVEL,
    everyMessenger,
    messengers,
    ...(isLive && settings.DRILL !== 'off' ? { drill: cronOf(settings.DRILL) } : {}),
    ...(settings.HEARTBEAT_URL ? { heartbeatUrl: new Secret(settings.HEARTBEAT_URL) } : {}),
    ...outsideOf(settings),
    ...pagingOf(settings),
    ...(keys ? { keys: unprintable(keys) } : {}),
    languages,
    isUnreviewedOffered: settings.UNREVIEWED_LANGUAGES === 'yes',
    unchecked: isLive && settings.UNCHECKED_FACTS === 'off' ? 'hidden' : 'marked',
    defaultLanguage: settings.DEFAULT_LANGUAGE,
    alertDetail: settings.ALERT_DETAIL,
    timeZone: settings.TIME_ZONE,
    floodPerMinute: settings.FLOOD_PER_MINUTE,
    isPagePublic: settings.PUBLIC_PAGE === 'on',
    contactsFreshDays: settings.CONTACTS_FRESH_DAYS,
    files: {
      perPerson: settings.FILES_PER_PERSON_MB * MEGABYTE,
      voice: settings.FILES_VOICE_MB * MEGABYTE,
      perCase: settings.FILES_PER_CASE_MB * MEGABYTE,
    },
    diskReserve: settings.DISK_RESERVE_MB * MEGABYTE,
    ...(settings.DATABASE_MAX_GB ? { databaseMost: settings.DATABASE_MAX_GB * 1_000 * MEGABYTE } : {}),
    isMetricsPublic: settings.METRICS_PUBLIC === 'yes',
    ...(settings.METRICS_TOKEN ? { metricsToken: new Secret(settings.METRICS_TOKEN) } : {}),
    ...(trustedProxy ? { trustedProxy } : {}),
  };
}

function outsideOf({ OUTSIDE_CONTACT: set }: Settings): Pick<Config, 'outsideContact'> {
  if (!set) return {};
  const [way = '', ...address] = set.split(':');
  return { outsideContact: { way: way as Exclude<Way, 'webhook'>, address: address.join(':') } };
}

/** The further ways to page officers that are set. */
function pagingOf(settings: Settings): Pick<Config, 'email' | 'ntfy' | 'africasTalking'> {
  const { SMTP_URL: smtp, SMTP_FROM: from, NTFY_URL: ntfy, NTFY_TOKEN: token } = settings;
  const { AFRICASTALKING_USERNAME: username, AFRICASTALKING_API_KEY: apiKey } = settings;
  const { AFRICASTALKING_SMS_FROM: smsFrom, AFRICASTALKING_CALL_FROM: callFrom } = settings;
  return {
    ...(smtp && from ? { email: { url: new Secret(smtp), from } } : {}),
    ...(ntfy ? { ntfy: { url: ntfy, ...(token ? { token: new Secret(token) } : {}) } } : {}),
    ...(username && apiKey
      ? {
          africasTalking: {
            username,
            apiKey: new Secret(apiKey),
            ...(smsFrom ? { smsFrom } : {}),
            ...(callFrom ? { callFrom } : {}),
            smsRoot: settings.AFRICASTALKING_SMS_ROOT,
            voiceRoot: settings.AFRICASTALKING_VOICE_ROOT,
          },
        }
      : {}),
  };
}

/** "tuesday 10:00" as cron, which begins its week on Sunday. */
function cronOf(text: string): string {
  const [day = '', time = ''] = text.split(' ');
  const [hour, minute] = time.split(':').map(Number);
  const weekday = ((WEEKDAYS as readonly string[]).indexOf(day) + 1) % WEEKDAYS.length;
  return `${minute} ${hour} * * ${weekday}`;
}
