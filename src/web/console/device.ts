/**
 * Passkeys of this device.
 *
 * Invariant: what the device computes (PRF) stays in this page: it is taken out of every answer before that travels.
 */
import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type { AnswerOf } from '../../contract/console.ts';
import { prfSalt } from '../../crypto/member-key.ts';

type Computed = Uint8Array<ArrayBuffer>;
type WithPrf = { prf?: { enabled?: boolean; results?: { first?: ArrayBuffer } } };

/** Makes a passkey. `prf`: what the device computes for it; undefined: it computes nothing. Throws when given up. */
export async function makePasskey(
  options: AnswerOf<'POST /join/begin'>['options'],
): Promise<{ response: object; prf: Computed | undefined }> {
  const made = await startRegistration({
    optionsJSON: { ...options, extensions: await asking() } as never,
  });
  const said = made.clientExtensionResults as WithPrf;
  const prf = computed(said) ?? (said.prf?.enabled ? await computeFor(made.id, options.rp.id) : undefined);
  return { response: withoutSecrets(made), prf };
}

/** Signs in with a passkey of this device. */
export async function usePasskey(
  options: AnswerOf<'POST /sign-in/begin'>,
): Promise<{ response: object; prf: Computed | undefined }> {
  const used = await startAuthentication({
    optionsJSON: { ...options, extensions: await asking() } as never,
  });
  return { response: withoutSecrets(used), prf: computed(used.clientExtensionResults as WithPrf) };
}

const asking = async () => ({ prf: { eval: { first: await prfSalt() } } });

function computed({ prf }: WithPrf): Computed | undefined {
  return prf?.results?.first ? new Uint8Array(prf.results.first) : undefined;
}

/** Many devices compute only when a passkey is used, not when it is made. */
async function computeFor(id: string, rpId: string | undefined): Promise<Computed | undefined> {
  const bytes = Uint8Array.from(atob(id.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const credential = (await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      ...(rpId ? { rpId } : {}),
      allowCredentials: [{ id: bytes, type: 'public-key' }],
      userVerification: 'required',
      extensions: (await asking()) as never,
    },
  })) as PublicKeyCredential | null;
  return credential ? computed(credential.getClientExtensionResults() as WithPrf) : undefined;
}

function withoutSecrets<T extends object>(response: T): T {
  return { ...response, clientExtensionResults: {} };
}
