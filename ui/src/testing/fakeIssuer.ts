/** An identity provider in memory, with the same face as the one that speaks OpenID Connect. */
import { Kept } from "../api/sign-in/kept";
import { SignIn } from "../api/sign-in/signIn";
import type { FakeServer } from "./fakeServer";

export const SETTINGS = {
  authority: "http://127.0.0.1:8080/oidc",
  clientId: "lisa-ui",
  scope: "openid",
  parameters: {},
};

export class FakeIssuer {
  kept = new Kept(SETTINGS);
  renewals = 0;
  begun: string[] = [];
  ended = 0;
  /** What the next renewal does: anything but "renew" is refused or thrown. */
  next: "renew" | "refuse" | Error = "renew";
  /** What arrives with the person who comes back. */
  finish = async (_address: string): Promise<string> => "/";
  private given = 0;
  private open: SignIn[] = [];

  constructor(private readonly server: FakeServer) {}

  /** A tab's sign-in at this issuer. */
  signIn(): SignIn {
    const signIn = new SignIn(SETTINGS, "history", async () => this);
    this.open.push(signIn);
    return signIn;
  }

  /** Gives tokens that live for so many seconds, as after a sign-in. */
  give(seconds = 3_600, sub = "ada"): string {
    const access_token = `jwt-${++this.given}`;
    this.server.bearers = new Set([access_token]);
    this.kept.write(
      JSON.stringify({
        access_token,
        refresh_token: `refresh-${this.given}`,
        expires_at: Date.now() / 1000 + seconds,
        profile: { sub },
      }),
    );
    return access_token;
  }

  async begin(page: string): Promise<void> {
    this.begun.push(page);
  }

  async renew(): Promise<boolean> {
    this.renewals += 1;
    if (this.next instanceof Error) throw this.next;
    if (this.next === "renew") this.give();
    return this.next === "renew";
  }

  async end(): Promise<void> {
    this.ended += 1;
  }

  close(): void {
    for (const signIn of this.open) signIn.close();
  }
}
