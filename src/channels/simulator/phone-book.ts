import { Phone } from './phone.ts';

/** Phones remembered at once; beyond it the one unused for longest, idle and unwatched, is forgotten. */
const MAX_PHONES = 200;

/** All simulated phones by address. */
export class PhoneBook {
  private readonly phones = new Map<string, Phone>();

  /** The phone at this address; an unknown one is switched on, since after a restart none is known. */
  phone(address: string): Phone {
    const phone = this.phones.get(address) ?? new Phone(address);
    this.phones.delete(address);
    this.phones.set(address, phone);
    if (this.phones.size > MAX_PHONES) this.forgetOne();
    return phone;
  }

  all(): Iterable<Phone> {
    return this.phones.values();
  }

  private forgetOne(): void {
    for (const [address, phone] of this.phones) {
      if (phone.isWatched || phone.outbox.length > 0) continue;
      this.phones.delete(address);
      return;
    }
  }
}
