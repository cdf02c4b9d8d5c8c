import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../src/http/client-address.ts';
import { keysOf, parseAddressList, plainAddress } from '../../src/kernel/addresses.ts';

describe('an address', () => {
  it.each([
    ['203.0.113.5', '203.0.113.5'],
    ['203.0.113.5:4711', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['::ffff:cb00:7105', '203.0.113.5'],
    ['[2001:db8::1]:443', '2001:db8:0:0:0:0:0:1'],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0:0:0:c000:201'],
    ['', undefined],
    ['unknown', undefined],
    ['_hidden', undefined],
    ['203.0.113', undefined],
    ['203.0.113.5.6', undefined],
    ['1.2.3.4, 5.6.7.8', undefined],
  ])('is written one way, and what is none is none: %s', (text, plain) => {
    expect(plainAddress(text)).toBe(plain);
  });

  it('is counted with its line, and with the lines that are sold together', () => {
    expect(keysOf('2001:db8:1:2::99')).toEqual({ narrow: '2001:db8:1:2::/64', wide: '2001:db8:1::/48' });
    expect(keysOf('::ffff:192.0.2.1')).toEqual({ narrow: '192.0.2.1', wide: undefined });
  });
});

describe('a list of proxies', () => {
  it('holds addresses and networks, however they are written', () => {
    const list = parseAddressList('127.0.0.1, 10.1.0.0/16,fd00:1::/32');
    for (const inside of ['127.0.0.1', '::ffff:127.0.0.1', '10.1.255.7', 'fd00:1:2::3'])
      expect(list?.has(inside), inside).toBe(true);
    for (const outside of ['127.0.0.2', '10.2.0.1', 'fd00:2::1', '', 'nonsense'])
      expect(list?.has(outside), outside).toBe(false);
  });

  it.each([
    '',
    'proxy',
    '10.0.0.0/7',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.1/',
    '1.2.3.4,',
    'fe80::1%eth0',
  ])('is refused if something in it is no address, or holds nearly everybody: %s', (text) =>
    expect(parseAddressList(text)).toBeUndefined(),
  );
});

describe('a client behind proxies', () => {
  const trusted = parseAddressList('10.0.0.0/8');

  it.each([
    ['one proxy', '10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['two proxies', '10.0.0.1', '203.0.113.5, 10.0.0.2', '203.0.113.5'],
    ['a proxy that adds a port', '10.0.0.1', '203.0.113.5:55', '203.0.113.5'],
    ['a proxy that is not named', '192.0.2.1', '203.0.113.5', '192.0.2.1'],
    ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy that says nonsense', '10.0.0.1', '203.0.113.5, nonsense', '10.0.0.1'],
    ['two headers of the same name', '10.0.0.1', ['1.1.1.1', '203.0.113.5'], '203.0.113.5'],
  ])('is found through %s', (_, socket, header, found) => {
    expect(clientAddress(socket, header, trusted)).toBe(found);
  });

  it('is the last one that a trusted proxy has seen, whatever stands before', () => {
    const anything = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.0.9', ',', ' , '));
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 40 }), (said) => {
        const header = [...said, '203.0.113.5'].join(',');
        expect(clientAddress('10.0.0.1', header, trusted)).toBe('203.0.113.5');
        expect(clientAddress('203.0.113.5', header, trusted)).toBe('203.0.113.5');
      }),
      { numRuns: 200 },
    );
  });
});
