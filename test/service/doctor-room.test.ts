/** What is left out of the lines of `doctor` when they are shown in the room. */
import { describe, expect, it } from 'vitest';
import { createHiding } from '../../src/doctor/places.ts';

const hide = createHiding(
  new Map([
    ['/srv/lakana', 'DATA_DIR'],
    ['/srv/lakana-content', 'CONTENT_DIR'],
    ['/opt/keys/server.key', 'SERVER_KEY_FILE'],
  ]),
);

describe('a line of doctor in the room', () => {
  it.each([
    ['13.2 GB free for /srv/lakana', '13.2 GB free for DATA_DIR'],
    ['chmod 600 /opt/keys/server.key', 'chmod 600 SERVER_KEY_FILE'],
    ['cannot be read (/srv/lakana-content/flows)', 'cannot be read (CONTENT_DIR/flows)'],
    ['leads through a file (/home/awa/x: /home/awa, ENOTDIR)', 'leads through a file (…: …, ENOTDIR)'],
    ['see postgres://lakana:word@db.example.org/l, or wait', 'see …, or wait'],
  ])('names settings, not places: %s', (line, shown) => {
    expect(hide(line)).toBe(shown);
  });

  it.each(['is not well (/readyz)', 'fill in flows/lists/outside_organisations.yaml', './lakana rota gaps'])(
    'keeps what is no place of the machine: %s',
    (line) => {
      expect(hide(line)).toBe(line);
    },
  );

  it('of any length is gone through in linear time', () => {
    const started = performance.now();
    hide('/var/'.repeat(200_000));
    hide('a:'.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
