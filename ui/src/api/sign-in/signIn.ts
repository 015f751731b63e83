/** A sign-in at an issuer: which token to send, when to renew it, when it is over. */
import type { SignInSettings, UiConfig } from "../../lib/config";
import { Kept } from "./kept";
import type { Provider } from "./provider";
import { Tabs } from "./tabs";

const RENEW_BEFORE_SECONDS = 60;

type Talk = Pick<Provider, "begin" | "finish" | "renew" | "end">;

export class SignIn {
  /** Called when another tab signed out, or the issuer refused to go on. */
  onGone: () => void = () => {};
  private readonly kept: Kept;
  private readonly tabs: Tabs;
  private renewing: Promise<string> | undefined;
  private asking = false;

  constructor(
    settings: SignInSettings,
    routing: UiConfig["routing"],
    private readonly load = async (): Promise<Talk> =>
      new (await import("./provider")).Provider(settings, routing),
  ) {
    this.kept = new Kept(settings);
    this.tabs = new Tabs(`lisa.sign-in ${settings.authority} ${settings.clientId}`, {
      kept: this.kept,
      onOffer: (written) => this.consider(written),
      onGone: () => this.drop(),
    });
  }

  get isActive(): boolean {
    return this.kept.written() !== null;
  }

  /** Finds out whether another tab is signed in; only for a tab in which nobody is. */
  async adopt(): Promise<void> {
    if (this.isActive) return;
    this.asking = true;
    await this.tabs.ask();
    this.asking = false;
  }

  /** The token to send now, or nothing; one that soon ends is renewed first. */
  async token(): Promise<string> {
    const tokens = this.kept.tokens();
    if (!tokens) return "";
    const left = (tokens.expires_at ?? Number.POSITIVE_INFINITY) - Date.now() / 1000;
    if (left > RENEW_BEFORE_SECONDS || !tokens.refresh_token) return tokens.access_token;
    if (left <= 0) return this.renewed(tokens.access_token);
    // The issuer may be away for a while: this one still works.
    return this.renewed(tokens.access_token).catch(() => tokens.access_token);
  }

  /** Another token in place of this one, or nothing when the sign-in is over. */
  renewed(former: string): Promise<string> {
    this.renewing ??= alone(() => this.renew(former)).finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  async begin(page: string): Promise<void> {
    await (await this.load()).begin(page);
  }

  async finish(address: string): Promise<string> {
    const page = await (await this.load()).finish(address);
    this.tabs.offer(this.kept);
    return page;
  }

  /** Signs out in every tab and at the issuer. */
  async end(): Promise<void> {
    const talk = await this.load();
    this.tabs.sayGone();
    try {
      await talk.end();
    } finally {
      this.kept.forget();
    }
  }

  /** Forgets the sign-in in this tab, because another way in was taken. */
  forget(): void {
    this.kept.forget();
  }

  close(): void {
    this.tabs.close();
  }

  private async renew(former: string): Promise<string> {
    // A refresh token works once: another tab may have used it already.
    const others = await this.others(former);
    if (others !== former) return others;
    if (await (await this.load()).renew()) {
      this.tabs.offer(this.kept);
      return this.kept.tokens()?.access_token ?? "";
    }
    this.tabs.sayGone();
    this.drop();
    return "";
  }

  private async others(former: string): Promise<string> {
    const mine = () => this.kept.tokens()?.access_token ?? "";
    if (mine() === former) await this.tabs.ask();
    return mine();
  }

  private consider(written: string): void {
    const mine = this.kept.tokens();
    const offered = JSON.parse(written) as ReturnType<Kept["tokens"]>;
    const isNewer = (offered?.expires_at ?? 0) > (mine?.expires_at ?? 0);
    const isSame = mine !== null && mine.profile.sub === offered?.profile.sub;
    if (this.asking && !mine) this.kept.write(written);
    else if (isSame && isNewer) this.kept.write(written);
  }

  private drop(): void {
    if (!this.isActive) return;
    this.kept.forget();
    this.onGone();
  }
}

/** Only one tab at a time renews; where the browser has no locks, ours alone is tried. */
function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!navigator.locks) return work();
  return navigator.locks.request("lisa.renew", work) as Promise<Result>;
}
