import { type Coming, unpackComing } from '../src/kernel/packed.ts';

/** What the service packed, with its bytes, as a browser has it in the end. */
export const unpacked = async <T>(body: Uint8Array): Promise<T> =>
  (await whole(await unpackComing<T>(new Blob([new Uint8Array(body)]).stream()))) as T;

async function whole(value: Coming<unknown>): Promise<unknown> {
  const here = await value;
  if (here instanceof Uint8Array || typeof here !== 'object' || here === null) return here;
  if (Array.isArray(here)) return Promise.all(here.map(whole));
  const entries = Object.entries(here).map(async ([name, each]) => [name, await whole(each)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
