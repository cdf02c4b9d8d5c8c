import { describe, expect, it } from 'vitest';
import { createTeamKey, fingerprint } from '../../src/crypto/case-key.ts';
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
    expect(await unwrapByPassphrase(PASSPHRASE, wrapped)).toBe(secret);
    await expect(unwrapByPassphrase(`${PASSPHRASE}s`, wrapped)).rejects.toMatchObject({
      code: 'cannot_open',
    });
    await expect(wrapByPassphrase('trop court', secret)).rejects.toMatchObject({ code: 'short_passphrase' });
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

  it('that comes next is vouched for by somebody who has this one, and by nobody else', async () => {
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
});
