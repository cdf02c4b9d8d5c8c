/** `mechanism print`: the chapters on paper. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Entrance } from '../channels/entrance.ts';
import type { Config } from '../config.ts';
import { handbookOf } from '../conversation/chapters/handbook.ts';
import { freshAt } from '../conversation/flows/outside-contacts.ts';
import { LakanaError } from '../kernel/errors.ts';
import { calendarDay } from '../kernel/time.ts';
import type { Messenger } from '../messengers/messenger.ts';
import { readContent } from '../service/content.ts';
import { addCommand, type Result } from './command.ts';
import { facts } from './mechanism-facts.ts';
import { leafletFile } from './print/leaflet.ts';
import { openPrinter } from './print/pdf.ts';
import { posterFile } from './print/poster.ts';
import type { Printed } from './print/sheet.ts';
import { settings, withServer } from './server.ts';

type PrintOptions = { language?: string; html?: true; out?: string; reach?: string[] };

/** `mechanism print`. */
export function addMechanismCommands(program: Command): void {
  const mechanism = program.command('mechanism').description('what people read of the mechanism');
  addCommand(mechanism, 'print', 'a leaflet and a poster, with how people reach the service', print)
    .option('--language <code>', 'default: DEFAULT_LANGUAGE')
    .option('--html', 'files for a browser to print, and no PDF')
    .option('--out <folder>', 'where they are written; default: print')
    .option(
      '--reach <messenger=address...>',
      'a channel that is not known here, by its kind and name or number',
    );
  addCommand(
    mechanism,
    'facts',
    'sentences on laws and institutions that nobody compared with a source',
    facts,
  );
}

async function print(options: PrintOptions): Promise<Result> {
  const config = await settings();
  const { language = config.defaultLanguage, out = 'print' } = options;
  const found = await entrancesOf(config, options.reach ?? []);
  const content = await readContent(config);
  if (!content.texts.languages.includes(language))
    throw new LakanaError(
      'no_language',
      `--language ${language}: give one of ${content.texts.languages.join(', ')}`,
    );
  if (found.entrances.length === 0)
    throw new LakanaError('no_channel', `nothing to print: no channel is known. ${found.missing.join('. ')}`);
  const now = new Date();
  const printed: Printed = {
    // Paper lies about for years: what nobody has checked is never on it.
    handbook: handbookOf({ ...content, fresh: freshAt(now, config), unchecked: 'hidden' }, language),
    entrances: found.entrances,
    texts: content.texts,
    pageAddress: config.isPagePublic && config.publicUrl ? new URL(config.publicUrl).host : undefined,
    day: calendarDay(now, config.timeZone),
  };
  const files = { leaflet: leafletFile(printed), poster: posterFile(printed) };
  await mkdir(out, { recursive: true });
  const written = await write(files, { out, language, isHtml: options.html === true });
  return {
    text: [
      ...found.missing.map((line) => `! ${line}`),
      ...written.notes.map((line) => `! ${line}`),
      ...written.paths.map((path) => `✓ ${path}`),
      '  leaflet: A4, both sides, turned over the short edge, then folded twice: the right third inwards, the left over it',
    ].join('\n'),
    json: { files: written.paths, missing: found.missing, channels: found.entrances },
  };
}

/** As PDF where this installation has the browser for it, or else as files that any browser prints. */
async function write(
  files: Readonly<Record<string, string>>,
  { out, language, isHtml }: { out: string; language: string; isHtml: boolean },
): Promise<{ paths: string[]; notes: string[] }> {
  const printer = isHtml ? undefined : await openPrinter();
  const notes =
    isHtml || printer
      ? []
      : [
          'no browser is installed here (npm ci --include=dev): print these with any browser, without margins',
        ];
  const paths: string[] = [];
  try {
    for (const [name, file] of Object.entries(files)) {
      const path = join(out, `${name}-${language}.${printer ? 'pdf' : 'html'}`);
      await writeFile(path, printer ? await printer.pdf(file) : file);
      paths.push(path);
    }
  } finally {
    await printer?.close();
  }
  return { paths, notes };
}

/** Those that were given, and those that the settings make known; a line for each that is not, with the mend. */
async function entrancesOf(
  config: Config,
  reach: readonly string[],
): Promise<{ entrances: Entrance[]; missing: string[] }> {
  const given = new Map(reach.map((text) => givenAs(text, config.everyMessenger)));
  const on = config.messengers.filter(({ messenger }) => messenger.entrance && !given.has(messenger.kind));
  const known =
    on.length === 0
      ? []
      : await withServer(({ database: { db }, keyring }) =>
          Promise.all(
            on.map(async ({ messenger, own }) =>
              messenger.entrance?.known(own, { db, keyring }).catch(() => undefined),
            ),
          ),
        );
  const entrances = config.everyMessenger.flatMap(
    ({ kind }) => given.get(kind) ?? known.find((each) => each?.kind === kind) ?? [],
  );
  const missing = config.everyMessenger.flatMap(({ kind, entrance }) =>
    !entrance || entrances.some((each) => each.kind === kind)
      ? []
      : [`${kind} is not on it: ${entrance.mend}`],
  );
  return { entrances, missing };
}

/** What was given of a channel: its kind, and behind the sign of equality how it is reached. */
function givenAs(text: string, messengers: readonly Messenger[]): [string, Entrance] {
  const [kind = '', ...rest] = text.split('=');
  const messenger = messengers.find((each) => each.kind === kind && each.entrance);
  const kinds = messengers.flatMap((each) => (each.entrance ? each.kind : []));
  if (!messenger)
    throw new LakanaError(
      'no_channel',
      `--reach ${text}: the kinds are ${kinds.join(', ')}, as in ${kinds[0]}=…`,
    );
  const entrance = messenger.entrance?.read(rest.join('='));
  if (!entrance)
    throw new LakanaError(
      'no_channel',
      `--reach ${text}: this is no address there; ${messenger.entrance?.mend}`,
    );
  return [kind, entrance];
}
