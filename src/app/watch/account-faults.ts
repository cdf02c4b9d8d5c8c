/**
 * What is wrong with our account at a service that carries messages, said to the operator: what it is, the
 * setting it is in, and the mend. What officers read of it stands in the locale files, with the same settings.
 */
import type { AccountFault, AccountSettings, Channel } from '../../channels/channel.ts';
import { type Line, line } from '../ground/lines.ts';

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

/** What is wrong, and the mend. */
export function linesOfFault(channel: OfChannel, fault: AccountFault): { what: Line; mend: Line } {
  const setting = settingOf(channel, fault);
  const what = line(`fault.${fault}`);
  if (channel.kind === 'push') return { what, mend: line('fault.push_mend', { setting }) };
  switch (fault) {
    case 'balance':
    case 'hold':
    case 'quota':
      return { what, mend: line(`fault.${fault}_mend`) };
    default:
      return { what, mend: line(`fault.${fault}_mend`, { setting }) };
  }
}
