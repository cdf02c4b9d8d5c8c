/** Every setting but those of messengers, and what it must look like. A new one needs its row in `test/settings.test.ts` and in docs/operating.md. */

import { z } from 'zod';
import { BACKUP_SCHEMA } from './config-backup.ts';
import { SERVER, setting, usually } from './config-kinds.ts';
import { address, DATABASE } from './config-urls.ts';
import { FRESH_DAYS } from './conversation/flows/outside-contacts.ts';
import { parseAddressList } from './kernel/addresses.ts';
import { LOG_LEVELS } from './kernel/log.ts';
import { readPhoneNumber } from './kernel/phone-number.ts';
import { withoutUnseen } from './kernel/unicode.ts';
import { PAGE_DETAILS } from './kernel/vocabulary.ts';
import type { Messenger } from './messengers/messenger.ts';

const megabytes = (least: number, usual: number) => usually(least, 1_000_000, usual);
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

const LISTEN =
  'give an address of this machine, like 127.0.0.1 or 0.0.0.0, without http:// and without a port';
const GIGABYTES = 'give a number from 1 to 100000';
/** Every setting but those of messengers, which stand between these and the next: what it must look like, said as the mend. */
const FIRST = {
  DATABASE_URL: setting(address(DATABASE).optional()),
  DATA_DIR: setting(z.string().default('./data')),
  CONTENT_DIR: setting(z.string().optional()),
  HOST: setting(
    z
      .string()
      .regex(/^[\w.-]+$|^[\da-fA-F:]+(%\w+)?$/, LISTEN)
      .default('127.0.0.1'),
  ),
  PORT: usually(0, 65_535, 8080),
  PUBLIC_URL: setting(
    address({
      protocols: ['https'],
      give: 'give the address people and messengers reach: https:// and a name, like https://lakana.example.org',
      login: 'give it without user and password',
      path: 'the room stands at the root of a name of its own: give it without a path',
      isForOthers: true,
    }).optional(),
  ),
  LOG_LEVEL: setting(z.enum(LOG_LEVELS, 'give debug, info, warn, error or silent').default('info')),
  SERVER_KEY_FILE: setting(z.string().optional()),
  SERVER_KEY: setting(z.string().optional()),
  TEAM_RECIPIENT_FILE: setting(z.string().optional()),
  SIGNING_KEY_FILE: setting(z.string().optional()),
} as const;

const THEN = {
  SMTP_URL: setting(
    address({
      protocols: ['smtp', 'smtps'],
      give: 'give an address like smtps://user:password@mail.example.org',
      path: 'give the mail server alone, without a path',
      mayAsk: true,
    }).optional(),
  ),
  SMTP_FROM: setting(z.email('give the address that e-mails come from').optional()),
  NTFY_URL: setting(
    address({
      ...SERVER,
      give: 'give the address of an ntfy server, like https://ntfy.sh',
      login: 'make a token on the ntfy server (ntfy token add USER), and give that as NTFY_TOKEN',
      path: 'give the server alone, like https://ntfy.sh: each officer has a topic of their own',
    }).optional(),
  ),
  NTFY_TOKEN: setting(z.string().regex(/^\S+$/, 'copy the token without spaces').optional()),
  AFRICASTALKING_USERNAME: setting(z.string().regex(/^\S+$/, 'copy the user name without spaces').optional()),
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
    address({ ...SERVER, give: 'give an address, or leave it out' }).default(
      'https://api.africastalking.com',
    ),
  ),
  AFRICASTALKING_VOICE_ROOT: setting(
    address({ ...SERVER, give: 'give an address, or leave it out' }).default(
      'https://voice.africastalking.com',
    ),
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
    address({
      protocols: ['http', 'https'],
      give: 'give the address that your outside watch gave you',
      mayAsk: true,
    }).optional(),
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
  UNREVIEWED_LANGUAGES: setting(z.enum(['yes', 'no'], 'give yes or no').default('no')),
  UNCHECKED_FACTS: setting(z.enum(['on', 'off'], 'give on or off').default('off')),
  ALERT_DETAIL: setting(z.enum(PAGE_DETAILS, 'give level or region').default('level')),
  TIME_ZONE: setting(
    z.string().refine(isTimeZone, 'give an IANA name like Africa/Bamako').default('Africa/Bamako'),
  ),
  FLOOD_PER_MINUTE: usually(5, 10_000, 30),
  PUBLIC_PAGE: setting(z.enum(['on', 'off'], 'give on or off').default('off')),
  CONTACTS_FRESH_DAYS: usually(30, 730, FRESH_DAYS),
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
    z
      .string()
      .regex(/^\d{1,6}(\.\d{1,3})?$/, GIGABYTES)
      .transform(Number)
      .refine((given) => given >= 1 && given <= 100_000, GIGABYTES)
      .optional(),
  ),
  METRICS_PUBLIC: setting(z.enum(['yes', 'no'], 'give yes or no').default('no')),
  ...BACKUP_SCHEMA,
} as const;
const OWN = { ...FIRST, ...THEN };
export type Settings = z.infer<z.ZodObject<typeof OWN>>;

/** Every setting where there are these messengers. */
export const schemaOf = (messengers: readonly Messenger[]) =>
  z.object({
    ...FIRST,
    ...Object.assign({}, ...messengers.map(({ settings }) => settings.schema)),
    ...THEN,
  }) as unknown as z.ZodObject<typeof OWN>;

/** Names of all settings. */
export const namesOf = (messengers: readonly Messenger[]): readonly string[] =>
  Object.keys(schemaOf(messengers).shape);
