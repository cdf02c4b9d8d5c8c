/** The context of a test: real flows and texts, cheap codes, and otherwise what `createContext` makes. */
import { type Context, createContext } from '../../src/app/ground/context.ts';
import { loadFlows } from '../../src/app/ground/load-flows.ts';
import { createReceiptCodes } from '../../src/app/keys/receipt-codes.ts';
import { CHEAP_CODES } from '../cheap-codes.ts';

/** On offer where no setting says otherwise: drafts are not. */
const LIVE = ['en', 'fr'];

/** The project's flows and texts, read once a file: tests only read them. */
const flowsOf = new Map<string, ReturnType<typeof loadFlows>>();
function flowsIn(defaultLanguage: string): ReturnType<typeof loadFlows> {
  const folders = { flows: 'flows', locales: 'locales' };
  const loading =
    flowsOf.get(defaultLanguage) ??
    loadFlows(folders, { languages: LIVE, defaultLanguage, missing: 'throw' });
  flowsOf.set(defaultLanguage, loading);
  return loading;
}

type Given = Omit<Parameters<typeof createContext>[0], 'content'>;

/** Default language: English. No question waits for more of the answer before it: the clock stands still. */
export async function testContext({ settings, ...given }: Given): Promise<Context> {
  const { defaultLanguage = 'en' } = settings ?? {};
  return createContext({
    receiptCodes: createReceiptCodes(given.keyring, undefined, CHEAP_CODES),
    ...given,
    content: { ...(await flowsIn(defaultLanguage)), patience: 0, twice: 0 },
    settings: { ...settings, defaultLanguage },
  });
}
