import { render } from 'preact';
import { keepUntouched } from '../untouched.ts';
import { App } from './app.tsx';
import { words } from './words.ts';

const place = document.getElementById('page');
if (place)
  void words.begin().then((canSay) => {
    if (!canSay) return;
    place.replaceChildren();
    render(<App />, place);
    keepUntouched(place);
  });
