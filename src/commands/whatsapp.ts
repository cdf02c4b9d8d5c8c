import type { Command } from 'commander';
import { addCommand } from './command.ts';
import { withServer } from './server.ts';
import type { PairOptions } from './whatsapp-session.ts';

/** Loaded when it is wanted: Baileys is large. */
const session = () => import('./whatsapp-session.ts');

/** `whatsapp pair | status | unlink`. */
export function addWhatsappCommands(program: Command): void {
  const whatsapp = program.command('whatsapp').description('the number that people write to on WhatsApp');
  addCommand(whatsapp, 'pair', 'link the number: shows a QR code to scan', async (options: PairOptions) => {
    const { pair } = await session();
    return withServer((server) => pair(server, options));
  }).option('--code <number>', 'show eight letters for this number (+223…) instead of a QR code');
  addCommand(whatsapp, 'status', 'whether a number is linked, and what waits', async () =>
    withServer((await session()).status),
  );
  addCommand(whatsapp, 'unlink', 'forget the session: the number must be linked anew', async () =>
    withServer((await session()).unlink),
  );
}
