/** Shows what `./lakana whatsapp pair` says, as it says it. The QR text itself never comes here: only its picture. */
const page = document.body;
const code = document.getElementById('qr');
const letters = document.getElementById('letters');
const news = new EventSource('events');

news.onmessage = ({ data }) => {
  const shown = JSON.parse(data);
  page.dataset.shows = shown.is;
  if (shown.is === 'qr') code.src = `qr.svg?n=${shown.n}`;
  if (shown.is === 'code') letters.textContent = shown.letters;
  if (shown.is === 'linked' || shown.is === 'ended') news.close();
};
// The command answers no more: it was stopped, or the network between is gone.
news.onerror = () => {
  if (page.dataset.shows !== 'linked') page.dataset.shows = 'ended';
};
