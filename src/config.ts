/**
 * Settings: environment variables, or a file `.env` in the working directory. Read here and nowhere else.
 *
 * Invariants: a bad setting stops the start with one line that names it and the mend; secrets are wrapped, so
 * that printing a config prints none; live mode has keys from outside `DATA_DIR` and a pinned team key.
 */
import { join, resolve } from 'node:path';
import { inspect, parseEnv } from 'node:util';
import { z } from 'zod';
import type { FileBudgets } from './app/file-budgets.ts';
import { contentOf, type Problem, problem, readKeys, unprintable } from './config-keys.ts';
import type { SigningPublicKey } from './crypto/verifier.ts';
import { type AddressList, parseAddressList } from './kernel/addresses.ts';
import type { LogLevel } from './kernel/log.ts';
import { readPhoneNumber } from './kernel/phone-number.ts';
import { days, seconds } from './kernel/time.ts';
import { withoutUnseen } from './kernel/unicode.ts';

/** A value that cannot be printed by accident. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

export type Config = {
  mode: 'trial' | 'live';
  dataDir: string;
  /** The operator's own PostgreSQL; absent: the embedded one in `dataDir`. */
  databaseUrl?: Secret;
  host: string;
  port: number;
  publicUrl?: string;
  logLevel: LogLevel;
  /**
   * Absent: off. `socketUrl`: another server than WhatsApp's own. `disappearAfter`: seconds, 0 is never. `perMinute`:
   * most messages that the number sends, but for pages and answers to a cry for help.
   */
  whatsapp?: { socketUrl?: string; disappearAfter: number; perMinute: number };
  telegram?: { token: Secret; apiRoot: string; webhookSecret?: Secret };
  /** When the weekly exercise is, as cron in `timeZone`; absent: none. Trial mode has none. */
  drill?: string;
  /** Pinged while all is well. */
  heartbeatUrl?: Secret;
  /** Who is told that no supervisor, or nobody, may have a case. */
  outsideContact?: { way: 'email' | 'ntfy' | 'sms' | 'call'; address: string };
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
  defaultLanguage: string;
  alertDetail: 'level' | 'region';
  timeZone: string;
  floodPerMinute: number;
  /** How much of files is taken, and how much room is left for words, in bytes; absent: the usual. */
  files?: FileBudgets;
  diskReserve?: number;
  /** The biggest that a database elsewhere (`databaseUrl`) may become, in bytes. */
  databaseMost?: number;
  isMetricsPublic: boolean;
  /** By it the operator's own tools read metrics and details, from wherever they ask. */
  metricsToken?: Secret;
  /** Proxies whose word about who is asking is taken. */
  trustedProxy?: AddressList;
};

export type { Problem } from './config-keys.ts';
export type ReadConfig = { ok: true; config: Config } | { ok: false; problems: Problem[] };

const blankIsAbsent = (value: unknown) => (value === '' ? undefined : value);
const setting = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsAbsent, schema);
const megabytes = (least: number, usual: number) =>
  setting(
    z.coerce.number('give a number').int().min(least, `give at least ${least}`).max(1_000_000).default(usual),
  );
/** A number, or what a provider has registered: a name, or a short code. Empty: neither. */
const readSender = (text: string) => {
  const sender = withoutUnseen(text).trim();
  if (/^[\p{L}\d][\p{L}\d _.-]*$/u.test(sender) && !/^\d[\d _.-]{6,}$/.test(sender)) return sender;
  return readPhoneNumber(sender) ?? '';
};
const isTimeZone = (zone: string) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

/** Every setting: what it must look like, said as the mend. */
const SETTINGS = {
  DATABASE_URL: setting(
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'give an address like postgres://user:password@host:5432/lakana')
      .optional(),
  ),
  DATA_DIR: setting(z.string().default('./data')),
  HOST: setting(z.string().default('127.0.0.1')),
  PORT: setting(
    z.coerce
      .number('give a number from 0 to 65535')
      .int('give a whole number')
      .min(0)
      .max(65_535, 'give a number up to 65535')
      .default(8080),
  ),
  PUBLIC_URL: setting(
    z
      .url({
        protocol: /^https$/,
        message: 'give the address people and Telegram reach, beginning with https://',
      })
      .optional(),
  ),
  LOG_LEVEL: setting(
    z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], 'give debug, info, warn, error or silent')
      .default('info'),
  ),
  SERVER_KEY_FILE: setting(z.string().optional()),
  SERVER_KEY: setting(z.string().optional()),
  TEAM_RECIPIENT_FILE: setting(z.string().optional()),
  SIGNING_KEY_FILE: setting(z.string().optional()),
  TELEGRAM_BOT_TOKEN: setting(
    z
      .string()
      .regex(/^\S{5,}$/, 'copy the token that @BotFather gave, without spaces')
      .optional(),
  ),
  TELEGRAM_API_ROOT: setting(
    z
      .url({ protocol: /^https?$/, message: 'give the address of a Bot API server, or leave it out' })
      .default('https://api.telegram.org'),
  ),
  TELEGRAM_WEBHOOK_SECRET: setting(
    z
      .string()
      .regex(/^[\w-]{16,256}$/, 'give 16 to 256 letters, digits, _ or -')
      .optional(),
  ),
  WHATSAPP: setting(z.enum(['on', 'off'], 'give on or off').default('off')),
  WHATSAPP_SOCKET_URL: setting(
    z.url({ protocol: /^wss?$/, message: 'give a ws:// or wss:// address, or leave it out' }).optional(),
  ),
  WHATSAPP_DISAPPEARING: setting(
    z.enum(['24h', '7d', '90d', 'off'], 'give 24h, 7d, 90d or off').default('24h'),
  ),
  WHATSAPP_PER_MINUTE: setting(
    z.coerce.number('give a number').int().min(10, 'give at least 10').max(10_000).default(60),
  ),
  SMTP_URL: setting(
    z
      .string()
      .regex(/^smtps?:\/\/\S+$/, 'give an address like smtps://user:password@mail.example.org')
      .optional(),
  ),
  SMTP_FROM: setting(z.email('give the address that e-mails come from').optional()),
  NTFY_URL: setting(
    z
      .url({ protocol: /^https?$/, message: 'give the address of an ntfy server, like https://ntfy.sh' })
      .optional(),
  ),
  NTFY_TOKEN: setting(z.string().regex(/^\S+$/, 'copy the token without spaces').optional()),
  AFRICASTALKING_USERNAME: setting(z.string().optional()),
  AFRICASTALKING_API_KEY: setting(z.string().regex(/^\S+$/, 'copy the key without spaces').optional()),
  AFRICASTALKING_SMS_FROM: setting(
    z
      .string()
      .transform(readSender)
      .pipe(
        z
          .string()
          .min(1, 'give a number like +22370000000, or a name of letters and digits')
          .max(16, 'give a sender of at most 16 characters'),
      )
      .optional(),
  ),
  AFRICASTALKING_CALL_FROM: setting(
    z
      .string()
      .transform((text) => readPhoneNumber(text) ?? '')
      .pipe(z.string().startsWith('+', 'give the number that calls, like +22370000000'))
      .optional(),
  ),
  AFRICASTALKING_SMS_ROOT: setting(
    z
      .url({ protocol: /^https?$/, message: 'give an address, or leave it out' })
      .default('https://api.africastalking.com'),
  ),
  AFRICASTALKING_VOICE_ROOT: setting(
    z
      .url({ protocol: /^https?$/, message: 'give an address, or leave it out' })
      .default('https://voice.africastalking.com'),
  ),
  DRILL: setting(
    z
      .string()
      .regex(
        /^(off|(monday|tuesday|wednesday|thursday|friday|saturday|sunday) ([01]\d|2[0-3]):[0-5]\d)$/,
        'give a day and time like tuesday 10:00, or off',
      )
      .default('tuesday 10:00'),
  ),
  HEARTBEAT_URL: setting(
    z.url({ protocol: /^https?$/, message: 'give the address that your outside watch gave you' }).optional(),
  ),
  OUTSIDE_CONTACT: setting(
    z
      .string()
      .regex(
        /^(email:[^\s@]+@[^\s@]+|ntfy:[\w-]{6,64}|(sms|call):\+[1-9]\d{7,14})$/,
        'give a way and an address, like email:director@example.org, sms:+22370000000 or ntfy:a-secret-topic',
      )
      .optional(),
  ),
  LANGUAGES: setting(
    z
      .string()
      .regex(/^[a-z]{2,3}(\s*,\s*[a-z]{2,3})*$/, 'give languages like fr,en')
      .default('fr,en'),
  ),
  DEFAULT_LANGUAGE: setting(
    z
      .string()
      .regex(/^[a-z]{2,3}$/, 'give one of LANGUAGES')
      .default('fr'),
  ),
  ALERT_DETAIL: setting(z.enum(['level', 'region'], 'give level or region').default('level')),
  TIME_ZONE: setting(
    z.string().refine(isTimeZone, 'give an IANA name like Africa/Bamako').default('Africa/Bamako'),
  ),
  FLOOD_PER_MINUTE: setting(
    z.coerce.number('give a number').int().min(5, 'give at least 5').max(10_000).default(30),
  ),
  METRICS_TOKEN: setting(
    z
      .string()
      .regex(/^[\w-]{16,256}$/, 'give 16 to 256 letters, digits, _ or -')
      .optional(),
  ),
  TRUSTED_PROXY: setting(
    z
      .string()
      .refine(
        (text) => parseAddressList(text) !== undefined,
        'give the addresses or networks of your proxies, like 127.0.0.1 or 10.1.0.0/16,fd00:1::/32; no names, none wider than /8 (IPv6: /16)',
      )
      .optional(),
  ),
  FILES_PER_PERSON_MB: megabytes(20, 200),
  FILES_VOICE_MB: megabytes(5, 50),
  FILES_PER_CASE_MB: megabytes(20, 1_000),
  DISK_RESERVE_MB: megabytes(100, 1_000),
  DATABASE_MAX_GB: setting(
    z.coerce.number('give a number').min(1, 'give at least 1').max(100_000).optional(),
  ),
  METRICS_PUBLIC: setting(z.enum(['yes', 'no'], 'give yes or no').default('no')),
} as const;
const MEGABYTE = 1_000_000;
/** What WhatsApp knows as timers of a chat. */
const DISAPPEARING = { '24h': days(1), '7d': days(7), '90d': days(90), off: 0 } as const;
const schema = z.object(SETTINGS);
type Settings = z.infer<typeof schema>;

/** Names of all settings, for the documentation's test. */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** Reads `environment`, completed by `.env` in `folder` (default: the working directory). */
export async function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  folder = process.cwd(),
): Promise<ReadConfig> {
  const fromFile = parseEnv((await contentOf(join(folder, '.env'))) ?? '');
  const parsed = schema.safeParse({ ...fromFile, ...environment });
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => ({
        setting: String(issue.path[0]),
        problem: 'cannot be used as it is',
        mend: issue.message,
      })),
    };
  return check(parsed.data, folder);
}

/** One setting as it was given, unchecked: for commands that make what other settings need. */
export async function readSetting(
  name: keyof typeof SETTINGS,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  folder = process.cwd(),
): Promise<string | undefined> {
  const fromFile = parseEnv((await contentOf(join(folder, '.env'))) ?? '');
  return environment[name] || fromFile[name] || undefined;
}

async function check(settings: Settings, folder: string): Promise<ReadConfig> {
  const problems: Problem[] = [];
  const languages = [...new Set(settings.LANGUAGES.split(',').map((each) => each.trim()))];
  if (!languages.includes(settings.DEFAULT_LANGUAGE))
    problems.push(
      problem('DEFAULT_LANGUAGE', 'is not one of LANGUAGES', `give one of ${languages.join(', ')}`),
    );
  if (settings.TELEGRAM_WEBHOOK_SECRET && !settings.PUBLIC_URL)
    problems.push(
      problem(
        'PUBLIC_URL',
        'is needed for the webhook',
        'give the https address, or take TELEGRAM_WEBHOOK_SECRET out',
      ),
    );
  checkTogether(settings, problems);
  const isLive = settings.TELEGRAM_BOT_TOKEN !== undefined || settings.WHATSAPP === 'on';
  const keys = isLive ? await readKeys(settings, folder, problems) : undefined;
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, config: toConfig(settings, folder, languages, keys) };
}

function toConfig(
  settings: Settings,
  folder: string,
  languages: string[],
  keys: Config['keys'] | undefined,
): Config {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_SECRET: secret } = settings;
  const isLive = token !== undefined || settings.WHATSAPP === 'on';
  const trustedProxy = settings.TRUSTED_PROXY ? parseAddressList(settings.TRUSTED_PROXY) : undefined;
  return {
    mode: isLive ? 'live' : 'trial',
    dataDir: resolve(folder, settings.DATA_DIR),
    ...(settings.DATABASE_URL ? { databaseUrl: new Secret(settings.DATABASE_URL) } : {}),
    host: settings.HOST,
    port: settings.PORT,
    ...(settings.PUBLIC_URL ? { publicUrl: settings.PUBLIC_URL } : {}),
    logLevel: settings.LOG_LEVEL,
    ...(token
      ? {
          telegram: {
            token: new Secret(token),
            apiRoot: settings.TELEGRAM_API_ROOT,
            ...(secret ? { webhookSecret: new Secret(secret) } : {}),
          },
        }
      : {}),
    ...(settings.WHATSAPP === 'on'
      ? {
          whatsapp: {
            ...(settings.WHATSAPP_SOCKET_URL ? { socketUrl: settings.WHATSAPP_SOCKET_URL } : {}),
            disappearAfter: DISAPPEARING[settings.WHATSAPP_DISAPPEARING] / seconds(1),
            perMinute: settings.WHATSAPP_PER_MINUTE,
          },
        }
      : {}),
    ...(isLive && settings.DRILL !== 'off' ? { drill: cronOf(settings.DRILL) } : {}),
    ...(settings.HEARTBEAT_URL ? { heartbeatUrl: new Secret(settings.HEARTBEAT_URL) } : {}),
    ...outsideOf(settings),
    ...pagingOf(settings),
    ...(keys ? { keys: unprintable(keys) } : {}),
    languages,
    defaultLanguage: settings.DEFAULT_LANGUAGE,
    alertDetail: settings.ALERT_DETAIL,
    timeZone: settings.TIME_ZONE,
    floodPerMinute: settings.FLOOD_PER_MINUTE,
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

/** Settings of which one is of no use without the other. */
function checkTogether(settings: Settings, problems: Problem[]): void {
  const pairs = [
    ['SMTP_URL', 'SMTP_FROM'],
    ['AFRICASTALKING_USERNAME', 'AFRICASTALKING_API_KEY'],
  ] as const;
  for (const [one, other] of pairs)
    for (const [given, missing] of [
      [one, other],
      [other, one],
    ] as const)
      if (settings[given] !== undefined && settings[missing] === undefined)
        problems.push(problem(missing, `is missing beside ${given}`, `give it, or take ${given} out`));
  const way = settings.OUTSIDE_CONTACT?.split(':')[0] as keyof typeof WAY_NEEDS | undefined;
  const needed = way && WAY_NEEDS[way];
  if (needed && settings[needed] === undefined)
    problems.push(problem(needed, 'is needed to reach OUTSIDE_CONTACT', 'give it, or another way'));
  if (settings.NTFY_TOKEN && !settings.NTFY_URL)
    problems.push(problem('NTFY_URL', 'is missing beside NTFY_TOKEN', 'give it, or take NTFY_TOKEN out'));
}

/** The setting without which a way reaches nobody. */
const WAY_NEEDS = {
  email: 'SMTP_URL',
  ntfy: 'NTFY_URL',
  sms: 'AFRICASTALKING_USERNAME',
  call: 'AFRICASTALKING_CALL_FROM',
} as const;

function outsideOf({ OUTSIDE_CONTACT: set }: Settings): Pick<Config, 'outsideContact'> {
  if (!set) return {};
  const [way = '', ...address] = set.split(':');
  return { outsideContact: { way: way as keyof typeof WAY_NEEDS, address: address.join(':') } };
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

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** "tuesday 10:00" as cron. */
function cronOf(text: string): string {
  const [day = '', time = ''] = text.split(' ');
  const [hour, minute] = time.split(':').map(Number);
  return `${minute} ${hour} * * ${DAYS.indexOf(day)}`;
}
