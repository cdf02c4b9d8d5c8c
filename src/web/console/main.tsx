import { render } from 'preact';
import '../theme.css';
import './page.css';
import './case.css';
import { App } from './app.tsx';

const place = document.getElementById('page');
if (place) render(<App />, place);
