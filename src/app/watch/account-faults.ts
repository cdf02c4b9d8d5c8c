/**
 * What is wrong with our account at a service that carries messages, in words for the operator: what it is, the
 * setting it is in, and the mend. What officers read of it stands in the locale files, with the same settings.
 */
import type { AccountFault, AccountSettings, Channel } from '../../channels/channel.ts';

type OfChannel = Pick<Channel, 'kind' | 'account'>;

const GATEWAY = { all: 'AFRICASTALKING_API_KEY', key: 'AFRICASTALKING_USERNAME, AFRICASTALKING_API_KEY' };

/** The settings of ways that only carry pages, on or off; a messenger brings its own. */
const OF_WAYS: Readonly<Record<string, AccountSettings>> = {
  email: { all: 'SMTP_URL', sender: 'SMTP_FROM' },
  ntfy: { all: 'NTFY_TOKEN', address: 'NTFY_URL' },
  sms: { ...GATEWAY, sender: 'AFRICASTALKING_SMS_FROM' },
  call: { ...GATEWAY, caller: 'AFRICASTALKING_CALL_FROM' },
  // The key pair is our own: what it is signed with is the time, and our address.
  push: { all: 'PUBLIC_URL' },
};

/** The setting to look at. */
export function settingOf(channel: OfChannel, fault: AccountFault): string {
  const settings = channel.account ?? OF_WAYS[channel.kind];
  return settings?.[fault] ?? settings?.all ?? '.env';
}

const WHAT: Readonly<Record<AccountFault, string>> = {
  key: 'our key or password is refused: wrong, run out or taken back',
  right: 'our account may not send there',
  balance: 'the account has no money left',
  sender: 'the sender is refused',
  caller: 'the number that calls is refused',
  hold: 'the account is held back by the provider',
  quota: 'the quota of the account is used up',
  address: 'what answers at its address is not this service',
};

const MENDS: Readonly<Record<AccountFault, (setting: string) => string>> = {
  key: (setting) => `make a new one there and set ${setting}`,
  right: (setting) => `give the account of ${setting} the right to send, or let this machine in`,
  balance: () => 'charge the account',
  sender: (setting) => `set ${setting} to a sender that is registered there`,
  caller: (setting) => `set ${setting} to a number that is bought there`,
  hold: () => 'ask the provider why',
  quota: () => 'wait for the next day, or get a bigger account',
  address: (setting) => `set ${setting} to its address`,
};

/** What is wrong, and the mend. */
export function wordsOfFault(channel: OfChannel, fault: AccountFault): { what: string; mend: string } {
  const setting = settingOf(channel, fault);
  if (channel.kind === 'push')
    return { what: WHAT[fault], mend: `see the clock of this machine (NTP), and ${setting}` };
  return { what: WHAT[fault], mend: MENDS[fault](setting) };
}
