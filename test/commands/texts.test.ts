/** What the operator is told of the languages, and moves between the room and the house's own folder. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { statusOfFiles, statusTable } from '../../src/commands/texts.ts';

test('the README says how far each language is: what `./lakana texts status --files` prints now', async () => {
  const readme = await readFile('README.md', 'utf8');
  const table = statusTable(await statusOfFiles());
  expect(readme).toContain(`\`\`\`\n${table}\`\`\``);
  for (const { keys, reviewed, drafts, missing } of await statusOfFiles())
    expect(reviewed + drafts + missing).toBe(keys);
});
