import { Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { createTeamKey, parseTeamRecipient } from '../../src/crypto/case-key.ts';
import { fingerprint } from '../../src/crypto/fingerprint.ts';
import {
  createMemberKey,
  isVouchedFor,
  openGrant,
  prfSalt,
  readTeamSecret,
  sealGrant,
  unwrapByDevice,
  unwrapByPassphrase,
  vouchFor,
  wrapByDevice,
  wrapByPassphrase,
} from '../../src/crypto/member-key.ts';

const computed = (fill: number) => new Uint8Array(32).fill(fill);
const PASSPHRASE = 'sept chèvres sous le baobab';

describe('a member’s own key', () => {
  it('is wrapped by what their device computes, and no other device unwraps it', async () => {
    const { secret } = await createMemberKey();
    const wrapped = await wrapByDevice(computed(7), secret);
    expect(await unwrapByDevice(computed(7), wrapped)).toBe(secret);
    await expect(unwrapByDevice(computed(8), wrapped)).rejects.toMatchObject({ code: 'cannot_open' });
    wrapped[20] = (wrapped[20] ?? 0) ^ 1;
    await expect(unwrapByDevice(computed(7), wrapped)).rejects.toMatchObject({ code: 'cannot_open' });
    expect(await prfSalt()).toEqual(await prfSalt());
    await expect(wrapByDevice(new Uint8Array(8), secret)).rejects.toMatchObject({ code: 'bad_prf' });
  });

  it('is wrapped by a passphrase that is long enough', async () => {
    const { secret } = await createMemberKey();
    const wrapped = await wrapByPassphrase(PASSPHRASE, secret);
    expect(Buffer.from(wrapped).toString('latin1')).not.toContain(secret);
    // From another keyboard, which writes the same in other signs.
    expect(await unwrapByPassphrase('sept\u00a0che\u0300vres  sous le baobab ', wrapped)).toBe(secret);
    await expect(unwrapByPassphrase('sept chevres sous le baobab', wrapped)).rejects.toMatchObject({
      code: 'cannot_open',
    });
    await expect(wrapByPassphrase('trop court', secret)).rejects.toMatchObject({ code: 'short_passphrase' });
    const spaces = wrapByPassphrase('trop court         ', secret);
    await expect(spaces).rejects.toMatchObject({ code: 'short_passphrase' });
  });

  it('that was wrapped before, with what one device typed, is unwrapped from there and from the other kind', async () => {
    const { secret } = await createMemberKey();
    const NFD = 'sept  che\u0300vres, l’e\u0301te\u0301';
    for (const [was, typed] of [
      [NFD, NFD],
      [NFD, NFD.normalize('NFC')],
      [NFD.normalize('NFC'), NFD],
      ['avec un blanc à la fin ', 'avec un blanc à la fin '],
    ] as const) {
      const encrypter = new Encrypter();
      encrypter.setPassphrase(was);
      encrypter.setScryptWorkFactor(2);
      expect(await unwrapByPassphrase(typed, await encrypter.encrypt(secret)), was).toBe(secret);
    }
  });
});

describe('the team’s key', () => {
  it('is handed to one member, who knows it by its public half', async () => {
    const [team, awa, binta] = await Promise.all([createTeamKey(), createMemberKey(), createMemberKey()]);
    const sealed = await sealGrant(awa.recipient, team.secret);
    expect(await openGrant(awa.secret, sealed, fingerprint(team.recipient))).toBe(team.secret);
    await expect(openGrant(binta.secret, sealed, fingerprint(team.recipient))).rejects.toMatchObject({
      code: 'not_a_recipient',
    });
  });

  it('that comes next is vouched for by a member who has this one, and by no one else', async () => {
    const [team, next, slippedIn] = await Promise.all([createTeamKey(), createTeamKey(), createTeamKey()]);
    const voucher = await vouchFor(team.secret, next.recipient);
    expect(await isVouchedFor(team.secret, next.recipient, voucher)).toBe(true);
    expect(await isVouchedFor(team.secret, slippedIn.recipient, voucher)).toBe(false);
    const forged = await vouchFor(slippedIn.secret, slippedIn.recipient);
    expect(await isVouchedFor(team.secret, slippedIn.recipient, forged)).toBe(false);
    expect(await isVouchedFor(team.secret, next.recipient, new Uint8Array())).toBe(false);
  });

  it('that is another team’s is refused, from a grant and from paper', async () => {
    const [team, other, awa] = await Promise.all([createTeamKey(), createTeamKey(), createMemberKey()]);
    const sealed = await sealGrant(awa.recipient, other.secret);
    await expect(openGrant(awa.secret, sealed, fingerprint(team.recipient))).rejects.toMatchObject({
      code: 'other_team',
    });
    await expect(readTeamSecret(other.secret, team.recipient)).rejects.toMatchObject({ code: 'other_team' });
    await expect(readTeamSecret('garbage', team.recipient)).rejects.toMatchObject({ code: 'bad_identity' });
    expect(await readTeamSecret(`# team key\n${team.secret}\n`, team.recipient)).toBe(team.secret);
  });

  it('is read as people type it from paper, and as editors and messengers give it on', async () => {
    const { secret, recipient } = await createTeamKey();
    const wide = Buffer.from(`\ufeff# clé\r\n${secret}\r\n`, 'utf16le').toString('utf8');
    for (const given of [
      ` ${secret.toLowerCase()} `,
      `\ufeff# clé de l’équipe\r\n${secret}\r\n`,
      secret.replace(/.{20}/g, '$&\n'),
      secret.replace(/.{4}/g, '$&\u00a0'),
      secret.replaceAll('-', '\u2011'),
      `\u2068${secret}\u2069`,
      wide,
    ])
      expect(await readTeamSecret(given, recipient), JSON.stringify(given)).toBe(secret);
    expect(parseTeamRecipient(`\ufeff# publique\r\n${recipient.toUpperCase()}\r\n`)).toBe(recipient);
    const twice = readTeamSecret(`${secret}\n${secret}`, recipient);
    await expect(twice).rejects.toMatchObject({ code: 'bad_identity' });
  });
});
