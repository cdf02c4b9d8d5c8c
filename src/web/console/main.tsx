/** Small, so that it runs at once: asks ahead, then loads the program. */
import '../theme.css';
import './page.css';
import './case.css';
import { files, languages } from 'virtual:words/console';
import { languageHere, wordsAt } from '../word-files.ts';
import { askAhead } from './ahead.ts';
import { placeOf } from './place-of.ts';
import { partsAt } from './word-parts.ts';

askAhead(window.location.hash);
const language = languageHere({ languages, files });
for (const part of partsAt(placeOf(window.location.hash).is))
  wordsAt(files[language]?.[part] ?? '').catch(() => undefined);
void import('./start.tsx');
