/** The few shapes of the Bot API that the fake speaks, under their wire names (core.telegram.org/bots/api). */

export type Json = Record<string, unknown>;

export type User = {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
};

export type Chat = {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  first_name?: string;
  title?: string;
  username?: string;
};

export type Button = { text: string; callback_data?: string; url?: string };

export type Update = { update_id: number } & Json;

/** What the Bot API answers instead of a result. */
export class Refusal extends Error {
  readonly code: number;
  readonly parameters: Json | undefined;

  constructor(code: number, description: string, parameters?: Json) {
    super(description);
    this.name = 'Refusal';
    this.code = code;
    this.parameters = parameters;
  }
}

/** `400 Bad Request: …`, as Telegram words it. */
export const badRequest = (what: string): Refusal => new Refusal(400, `Bad Request: ${what}`);
