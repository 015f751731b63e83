/** What this tab keeps of a sign-in, as oidc-client-ts writes it: readable without that library. */
import type { SignInSettings } from "../../lib/config";

export const PREFIX = "lisa.";

export interface Tokens {
  access_token: string;
  refresh_token?: string;
  /** In seconds since 1970. */
  expires_at?: number;
  profile: { sub: string };
}

export class Kept {
  private readonly key: string;

  constructor({ authority, clientId }: SignInSettings) {
    this.key = `${PREFIX}user:${authority}:${clientId}`;
  }

  written(): string | null {
    return sessionStorage.getItem(this.key);
  }

  tokens(): Tokens | null {
    const written = this.written();
    return written ? (JSON.parse(written) as Tokens) : null;
  }

  write(written: string): void {
    sessionStorage.setItem(this.key, written);
  }

  forget(): void {
    sessionStorage.removeItem(this.key);
  }
}
