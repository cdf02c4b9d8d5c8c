/** What a restore did and what is lost, in lines for the person at the new machine. */
import type { Followed } from '../app/keeping/after-restore.ts';
import { MAY_RETURN } from '../app/keeping/newest-list.ts';
import type { restore } from '../app/keeping/restore.ts';
import type { List } from '../backup/erased.ts';
import { numberOf } from '../kernel/number-of.ts';
import { TOOL } from '../kernel/tool.ts';
import type { Result } from './command.ts';

type Restored = Awaited<ReturnType<typeof restore<Followed>>>;
/** What lay beside the backup. */
type Beside = { hasLinks: boolean; list: List | undefined };

export function report(restored: Restored, beside: Beside): Result {
  const { header, migrated, chains, followed } = restored;
  const { lost, linked, again, stopped, due, told } = followed;
  const rows = rowsIn(header);
  const lines = [
    `✓ Restored as of ${header.asOf}: ${numberOf(rows, 'row')}, ${numberOf(chains.cases, 'case')}, ${numberOf(chains.audited, 'row')} of the audit log.`,
    ...(migrated > 0
      ? [
          `  It was made by an older version: ${numberOf(migrated, 'change of the tables was', 'changes of the tables were')} made.`,
        ]
      : []),
    chains.broken.length === 0
      ? '  Every case and the audit log are as this server wrote them.'
      : `! Not as this server wrote them, already before the backup was made: ${chains.broken.join(', ')}. Tell the CNDH.`,
    ...saidAgain(again),
    ...saidOfList(beside),
    ...(stopped > 0
      ? [
          `! ${numberOf(stopped, 'erasing that waited is', 'erasings that waited are')} stopped, since a "no" said after the backup is lost: ask for ${stopped === 1 ? 'it' : 'them'} again.`,
        ]
      : []),
    `  Lost: every message, decision and change of people after ${header.asOf}: officers and devices that were added, the duty plan, texts and recordings that were changed or withdrawn.`,
    `  Lost with the keys of the days: ${numberOf(lost.unsent, 'message that was', 'messages that were')} to be sent, ${lost.unheard} that had come and ${lost.unheard === 1 ? 'was' : 'were'} not handled, ${numberOf(lost.conversations, 'conversation')} without an open case, ${numberOf(lost.files, 'file that was', 'files that were')} not fetched yet.`,
    ...saidOfLinks(beside, linked, lost.links),
    `  ${numberOf(due, 'alert is open, and calls', 'alerts are open, and call')} as soon as the service starts: of those that an officer had, that officer first. ${numberOf(told, 'officer is', 'officers are')} told then.`,
    ...(header.hasSessions
      ? [
          '! Sessions of messengers came back too: a number that is in use elsewhere, or was linked anew since, has to be linked again.',
        ]
      : ['  No session of a messenger is in it: a number that was linked has to be linked again.']),
    '! The old machine has to be off before the service starts here: two of them with the same accounts of messengers take each other’s messages.',
    '  Every member signs in to the room anew; browsers that have seen cases change since show them in red, and codes of the days after it do not fit.',
  ];
  const { asOf } = header;
  const listOf = beside.list?.at ?? null;
  return {
    text: lines.join('\n'),
    json: { asOf, rows, migrated, ...chains, lost, linked, again, stopped, listOf, due, told },
  };
}

const rowsIn = ({ tables }: Restored['header']): number => tables.reduce((sum, { rows }) => sum + rows, 0);

function saidAgain({ cases, people, codes, excluded }: Followed['again']): string[] {
  const said = [
    ...(cases > 0 ? [`erased again, since it was after the backup: ${numberOf(cases, 'case')}`] : []),
    ...(people > 0
      ? [
          `taken out again, since they were after the backup: ${people} of officers, members, devices and contacts`,
        ]
      : []),
    ...(codes > 0
      ? [`${numberOf(codes, 'secret code')} that ${codes === 1 ? 'was' : 'were'} replaced after the backup`]
      : []),
    ...(excluded > 0 ? [`excluded again: ${numberOf(excluded, 'person', 'people')}`] : []),
  ];
  return said.map((each) => `  ${each.charAt(0).toUpperCase()}${each.slice(1)}.`);
}

function saidOfList({ list }: Beside): string[] {
  if (!list)
    return [
      `! No list of what was erased lies beside the backup (${MAY_RETURN}): what was erased after it is here again, and who was taken out.`,
    ];
  return [
    `  The list of what was erased is of ${list.at}: what was erased, and who was taken out or excluded, after that is here again. If the old machine ran for long after it, look before you start the service (${TOOL} officer list, ${TOOL} officer contact list), then in the room at members, devices and exclusions.`,
  ];
}

const saidOfLinks = ({ hasLinks }: Beside, linked: number, without: number): string[] => [
  hasLinks
    ? `  ${numberOf(linked, 'link to a person was', 'links to people were')} put back; ${numberOf(without, 'open alert has', 'open alerts have')} none.`
    : `! No links lie beside it (they are kept for three days): ${numberOf(without, 'open alert does', 'open alerts do')} not know whom to answer.`,
];
