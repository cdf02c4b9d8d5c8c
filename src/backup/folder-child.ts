/**
 * The folder of the backups, in a process of its own: `folder-apart.ts` starts it, and leaves it behind if the disk or the machine
 * that is mounted there does not answer.
 *
 * Invariant: a file that is written has its name only once the one who sends it has said that this was all: one who ends in the
 * middle leaves nothing that looks whole.
 */
import { LakanaError } from '../kernel/errors.ts';
import { createFolder } from './folder.ts';
import type { FromChild, ToChild } from './folder-apart.ts';

const [, , path = '', dataDir] = process.argv;
const folder = createFolder(path, dataDir);

const say = (said: FromChild): void => {
  process.send?.(said);
};

/** What comes of a file that is written, or that more of one may be read. */
type Coming = (said: ToChild) => void;
const under = new Map<number, Coming>();

async function* piecesOf(id: number): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const said = new Promise<ToChild>((resolve) => under.set(id, resolve));
    say({ id, is: 'more' });
    const next = await said;
    if (next.is === 'piece') yield next.bytes;
    else if (next.is === 'all') return;
    else throw new LakanaError('called_off', 'it was called off');
  }
}

async function passOn(id: number, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of bytes) {
    const said = new Promise<ToChild>((resolve) => under.set(id, resolve));
    say({ id, is: 'piece', bytes: piece });
    if ((await said).is !== 'more') return;
  }
}

async function work({ id, does, name, isMade }: Extract<ToChild, { is: 'asked' }>): Promise<unknown> {
  if (does === 'list') return folder.list();
  if (does === 'strange') return folder.strange?.();
  if (does === 'disk') return folder.disk?.();
  if (does === 'read_mark') return folder.mark?.read();
  if (does === 'make_mark') return folder.mark?.make({ isMade });
  if (does === 'write') return folder.write(name, piecesOf(id));
  if (does === 'read') return passOn(id, folder.read(name));
  return does === 'remove' ? folder.remove(name) : folder.tidy();
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  const said = message as ToChild;
  const { id } = said;
  if (said.is !== 'asked') return under.get(id)?.(said);
  work(said)
    .then(
      (value) => say({ id, is: 'done', value }),
      (error: NodeJS.ErrnoException) =>
        say({
          ...{ id, is: 'failed', code: error.code ?? 'unknown' },
          ...(error instanceof LakanaError ? { message: error.message } : {}),
        }),
    )
    .finally(() => under.delete(id));
});
