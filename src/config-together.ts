/** What settings say together: those of no use without another, and those of a live service in a trial. */
import { type Problem, problem } from './config-keys.ts';
import type { Settings } from './config-schema.ts';
import type { Messenger } from './messengers/messenger.ts';

/** Settings of which one is of no use without the other. */
export function checkTogether(settings: Settings, problems: Problem[]): void {
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
  if (settings.SERVER_KEY && settings.SERVER_KEY_FILE)
    problems.push(
      problem('SERVER_KEY', 'stands beside SERVER_KEY_FILE', 'take one of the two out: only one can count'),
    );
  if (settings.NTFY_TOKEN && !settings.NTFY_URL)
    problems.push(problem('NTFY_URL', 'is missing beside NTFY_TOKEN', 'give it, or take NTFY_TOKEN out'));
}

/**
 * What a trial has no use for: an operator who gives it wants a live service, and must not get a trial in its place.
 */
const ONLY_LIVE = ['SERVER_KEY_FILE', 'SERVER_KEY', 'TEAM_RECIPIENT_FILE', 'SIGNING_KEY_FILE'] as const;

export function refuseHalfLive(
  settings: object,
  messengers: readonly Messenger[],
  problems: Problem[],
): void {
  const given = settings as Readonly<Record<string, unknown>>;
  const found = [...ONLY_LIVE, ...messengers.flatMap((each) => each.settings.onlyLive ?? [])].find(
    (name) => given[name] !== undefined,
  );
  const [first = '', ...others] = messengers.map((each) => each.settings.turnsOn);
  if (found)
    problems.push(
      problem(
        first,
        `is missing beside ${found}`,
        `${['give it', ...others].join(', or ')}; for a trial take ${found} out`,
      ),
    );
}

/** The setting without which a way reaches nobody. */
const WAY_NEEDS = {
  email: 'SMTP_URL',
  ntfy: 'NTFY_URL',
  sms: 'AFRICASTALKING_USERNAME',
  call: 'AFRICASTALKING_CALL_FROM',
} as const;
