/**
 * What is wrong with our account at a service that carries messages, in words for the operator: what it is, the
 * setting it is in, and the mend. What officers read of it stands in the locale files, with the same settings.
 */
import type { AccountFault, Channel } from '../../channels/channel.ts';

type OfChannel = Pick<Channel, 'kind' | 'account'>;

/** The setting to look at. */
export function settingOf(channel: Pick<Channel, 'account'> | undefined, fault: AccountFault): string {
  const settings = channel?.account;
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
