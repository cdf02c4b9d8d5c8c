/** The folder of the backups on a disk that stops answering: at the first thing asked of it, or at the third piece of a file. */
import type { ToChild } from '../../src/backup/folder-apart.ts';

let pieces = 0;
process.on('message', (message) => {
  const said = message as ToChild;
  if (said.is === 'piece') pieces += 1;
  if (pieces >= 3 || (said.is === 'asked' && process.argv[2]?.endsWith('dead')))
    process.kill(process.pid, 'SIGSTOP');
});
await import('../../src/backup/folder-child.ts');
