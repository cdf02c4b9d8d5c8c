/**
 * Addresses of the network: lists of them, and whom one address stands for. Pure.
 *
 * Invariant: what is no address never becomes one. An IPv4 address inside an IPv6 one (`::ffff:…`) is the same as that
 * address alone.
 */
import { BlockList, isIP } from 'node:net';

export type AddressList = { has(address: string | undefined): boolean };

/** A list that holds nearly everybody is a mistake: then anybody could say who they are. */
const LEAST_PREFIX = { 4: 8, 6: 16 } as const;

/** Reads `127.0.0.1, 10.0.0.0/8, fd00::/8`. Undefined: something in it is neither an address nor a network. */
export function parseAddressList(text: string): AddressList | undefined {
  return listOf(text, LEAST_PREFIX);
}

function listOf(text: string, least: Record<4 | 6, number>): AddressList | undefined {
  const list = new BlockList();
  for (const each of text.split(',').map((part) => part.trim())) {
    const [address = '', prefix, ...more] = each.split('/');
    const family = isIP(address);
    if (more.length > 0 || (family !== 4 && family !== 6) || address.includes('%')) return undefined;
    const name = family === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) {
      list.addAddress(address, name);
      continue;
    }
    const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (bits < least[family] || bits > (family === 4 ? 32 : 128)) return undefined;
    list.addSubnet(address, bits, name);
  }
  return {
    has(address = '') {
      const plain = plainAddress(address);
      return plain !== undefined && list.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** The address alone, written one way: without port, brackets, zone. Undefined: it is none. */
export function plainAddress(text: string): string | undefined {
  // Some proxies add the port from which the client came.
  const bare =
    /^\[([^\]]{2,50})\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]{7,15}):\d{1,5}$/.exec(text)?.[1];
  const [address = ''] = (bare ?? text).split('%');
  const family = isIP(address);
  if (family === 4) return address;
  if (family !== 6) return undefined;
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (!isMapped) return groups.map((group) => group.toString(16)).join(':');
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}

/**
 * Keys under which what comes from an address is counted: the owner of an IPv6 line has at least a /64 of addresses,
 * and for little money a /48. `wide` is undefined for IPv4.
 */
export function keysOf(address: string): { narrow: string; wide: string | undefined } {
  const plain = plainAddress(address);
  if (plain === undefined || isIP(plain) === 4) return { narrow: plain ?? 'unknown', wide: undefined };
  const groups = plain.split(':');
  return { narrow: `${groups.slice(0, 4).join(':')}::/64`, wide: `${groups.slice(0, 3).join(':')}::/48` };
}

const NEAR = '127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,::1,fc00::/7,fe80::/10';
const near = listOf(NEAR, { 4: 0, 6: 0 });
const machine = listOf('127.0.0.0/8,::1', { 4: 0, 6: 0 });
/** On this machine or in its own network, where proxies are. */
export const isNear = (address: string | undefined): boolean => near?.has(address) ?? false;
/** On this machine. */
export const isLoopback = (address: string | undefined): boolean => machine?.has(address) ?? false;

/** The eight groups of an IPv6 address that `isIP` has found good. */
function groupsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (high: string | undefined, low: string | undefined) =>
    ((Number(high) << 8) | Number(low)).toString(16);
  const text = dotted ? `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}` : address;
  const [head = '', tail] = text.split('::');
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [read(head), read(tail ?? '')];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}
