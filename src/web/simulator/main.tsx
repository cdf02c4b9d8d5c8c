import { render } from 'preact';
import '../theme.css';
import './page.css';
import './phone.css';
import './message.css';
import './motion.css';
import { keepUntouched } from '../untouched.ts';
import { App } from './app.tsx';

const place = document.getElementById('page');
if (place) {
  render(<App />, place);
  keepUntouched(place);
}
