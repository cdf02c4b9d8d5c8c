import { render } from 'preact';
import { keepUntouched } from '../untouched.ts';
import { App } from './app.tsx';

const place = document.getElementById('page');
if (place) {
  render(<App />, place);
  keepUntouched(place);
}
