/** Small, so that it runs at once: asks ahead, then loads the program. */
import '../theme.css';
import './page.css';
import './case.css';
import { askAhead } from './ahead.ts';

askAhead(window.location.hash);
void import('./start.tsx');
