/** Plays people on request: the words of `POST /control`, one verb of `Person` or of the whole fake each. */
import type { Fault } from './faults.ts';
import type { Person } from './person.ts';
import type { FakeWhatsApp } from './whatsapp.ts';

type Json = Record<string, unknown>;

type Verb = (person: Person, words: string[]) => unknown;

/** Files come in base64. */
const bytes = (base64: string | undefined): Uint8Array => Buffer.from(base64 ?? '', 'base64');

const VERBS: Record<string, Verb> = {
  says: (person, [text = '']) => person.says(text),
  sendsVoice: (person, [base64]) => person.sendsVoice(bytes(base64)),
  sendsPhoto: (person, [base64]) => person.sendsPhoto(bytes(base64)),
  reacts: (person, [emoji = '']) => person.reacts(emoji),
  reads: (person) => person.reads(),
  screen: (person) => person.screen(),
  seesText: async (person, [text = '']) => (await person.seesText(text)).text,
};

type WholeVerb = (whatsapp: FakeWhatsApp, words: unknown[]) => unknown;

const WHOLE: Record<string, WholeVerb> = {
  scans: (whatsapp, [qr]) => whatsapp.handset.scans(String(qr)),
  types: (whatsapp, [code]) => whatsapp.handset.types(String(code)),
  unlinks: (whatsapp) => whatsapp.handset.unlinks(),
  fail: (whatsapp, [fault]) => whatsapp.fail(fault as Fault),
  heal: (whatsapp) => whatsapp.heal(),
  drops: (whatsapp) => whatsapp.drops(),
  fallsSilent: (whatsapp) => whatsapp.fallsSilent(),
  count: (whatsapp) => ({ unconfirmed: whatsapp.unconfirmed(), calls: whatsapp.calls.length }),
};

export const CONTROL_VERBS = [...Object.keys(VERBS), ...Object.keys(WHOLE)];

const people = new Map<string, Person>();

/** Does one thing; what goes wrong is told as `error`, so that the process lives on. */
export async function control(whatsapp: FakeWhatsApp, body: Json): Promise<Json> {
  const words = Array.isArray(body.with) ? body.with : [];
  const verb = VERBS[String(body.does)];
  const whole = WHOLE[String(body.does)];
  try {
    if (whole) return { result: (await whole(whatsapp, words)) ?? true };
    if (!verb || typeof body.person !== 'string') return { error: `not one of ${CONTROL_VERBS.join(', ')}` };
    const person = people.get(body.person) ?? whatsapp.person(body.person);
    people.set(body.person, person);
    return { result: (await verb(person, words.map(String))) ?? true };
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown.message : 'failed' };
  }
}
