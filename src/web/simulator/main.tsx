import { render } from 'preact';
import '../theme.css';
import './page.css';
import './phone.css';
import './message.css';
import './motion.css';
import { keepUntouched } from '../untouched.ts';
import { App } from './app.tsx';
import { rememberedLanguage } from './memory.ts';
import { words } from './words.ts';

const place = document.getElementById('page');
if (place)
  void words.begin(rememberedLanguage()).then((canSay) => {
    if (!canSay) return;
    place.replaceChildren();
    render(<App />, place);
    keepUntouched(place);
  });
