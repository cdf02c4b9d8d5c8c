/** Plays people on request: the words of `POST /control`, one verb of `Person` or of the whole fake each. */
import type { Fault } from './faults.ts';
import type { Person } from './person.ts';
import type { FakeTelegram } from './telegram.ts';
import type { Json } from './wire.ts';

type Verb = (person: Person, words: string[]) => unknown;

/** Files come in base64. */
const bytes = (base64: string | undefined): Uint8Array => Buffer.from(base64 ?? '', 'base64');

const VERBS: Record<string, Verb> = {
  says: (person, [text = '']) => person.says(text),
  presses: (person, [label = '']) => person.presses(label),
  pressesData: (person, [data = '']) => person.pressesData(data),
  sendsVoice: (person, [base64]) => person.sendsVoice(bytes(base64)),
  sendsPhoto: (person, [base64]) => person.sendsPhoto(bytes(base64)),
  blocks: (person) => person.blocks(),
  unblocks: (person) => person.unblocks(),
  screen: (person) => person.screen(),
  seesText: async (person, [text = '']) => (await person.seesText(text)).text,
};

export const CONTROL_VERBS = [...Object.keys(VERBS), 'count', 'fail', 'heal'];

const people = new Map<string, Person>();

/** Does one thing; what goes wrong is told as `error`, so that the process lives on. */
export async function control(telegram: FakeTelegram, body: Json): Promise<Json> {
  const words = Array.isArray(body.with) ? body.with : [];
  const does = String(body.does);
  if (does === 'count') return count(telegram);
  if (does === 'fail') return { result: telegram.fail(words[0] as Fault) ?? true };
  if (does === 'heal') return { result: telegram.heal() ?? true };
  const verb = VERBS[does];
  if (!verb || typeof body.person !== 'string') return { error: `not one of ${CONTROL_VERBS.join(', ')}` };
  const person = people.get(body.person) ?? telegram.person(body.person);
  people.set(body.person, person);
  try {
    return { result: (await verb(person, words.map(String))) ?? true };
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown.message : 'failed' };
  }
}

function count(telegram: FakeTelegram): Json {
  return {
    confirmed: telegram.confirmed(),
    unconfirmed: telegram.unconfirmed(),
    texts: telegram.confirmedTexts(),
    calls: telegram.calls.length,
  };
}
