import type { Command } from 'commander';
import { addCommand } from '../../commands/command.ts';
import type { ServerFor } from '../messenger.ts';
import type { PairOptions } from './pair.ts';
import type { WhatsappSettings } from './settings.ts';

/** `whatsapp pair | status | unlink | switch`. What they do is loaded when it is wanted: Baileys is large. */
export function addWhatsappCommands(program: Command, server: ServerFor<WhatsappSettings>): void {
  const whatsapp = program.command('whatsapp').description('the number that people write to on WhatsApp');
  addCommand(whatsapp, 'pair', 'link the number: shows a QR code to scan', async (options: PairOptions) => {
    const { pairAtTerminal } = await import('./pair.ts');
    return server.run((at) => pairAtTerminal(at, options));
  })
    .option('--code <number>', 'show eight letters for this number (+223…) instead of a QR code')
    .option('--port <port>', 'where the page is, on this machine; default: any free port')
    .option('--for <minutes>', 'how long to wait for the handset; default 5')
    .option('--standby', 'link a second number, which takes over when the first is cut off for good');
  addCommand(whatsapp, 'status', 'linked, connected, last messages, last error, what waits', async () =>
    server.run((await import('./status.ts')).status),
  );
  const logOut = 'log the service out of WhatsApp and forget the session';
  addCommand(whatsapp, 'unlink', logOut, async (options: { standby?: boolean }) => {
    const { unlink } = await import('./unlink.ts');
    return server.run((at) => unlink(at, options));
  }).option('--standby', 'of the number that is not in use');
  addCommand(whatsapp, 'switch', 'use the other of the two numbers from now on', async () =>
    server.run((await import('./switch.ts')).switchNumbers),
  );
}
