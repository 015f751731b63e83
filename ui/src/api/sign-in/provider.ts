/** Speaks OpenID Connect with the issuer; loaded when somebody signs in, renews or signs out. */
import { ErrorResponse, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { SignInSettings, UiConfig } from "../../lib/config";
import { Problem } from "../../lib/problem";
import { text } from "../../lib/strings";
import { PREFIX } from "./kept";

const TIMEOUT_SECONDS = 20;

/** What begins a sign-in and is there when it has ended. */
interface Wish {
  page: string;
}

export class Provider {
  private readonly manager: UserManager;

  constructor(settings: SignInSettings, routing: UiConfig["routing"]) {
    const { origin, pathname } = window.location;
    const store = new WebStorageStateStore({ prefix: PREFIX, store: sessionStorage });
    this.manager = new UserManager({
      authority: settings.authority,
      client_id: settings.clientId,
      scope: settings.scope,
      extraQueryParams: settings.parameters,
      response_type: "code",
      // With hash routing the pages may be no more than files, so there is no other address.
      redirect_uri: routing === "hash" ? origin + pathname : `${origin}/signed-in`,
      post_logout_redirect_uri: routing === "hash" ? origin + pathname : `${origin}/`,
      userStore: store,
      stateStore: store,
      automaticSilentRenew: false,
      requestTimeoutInSeconds: TIMEOUT_SECONDS,
    });
  }

  /** Leaves for the issuer's page. */
  async begin(page: string): Promise<void> {
    await asProblems(this.manager.signinRedirect({ state: { page } satisfies Wish }));
  }

  /** Takes what the issuer answered; returns the page that was wanted. */
  async finish(address: string): Promise<string> {
    const user = await asProblems(this.manager.signinRedirectCallback(address));
    const { page } = user.state as Wish;
    return /^\/(?![/\\])/.test(page) ? page : "/";
  }

  /** Gets new tokens; false if the issuer refuses. */
  async renew(): Promise<boolean> {
    const user = await this.manager.getUser();
    if (!user?.refresh_token) return false;
    try {
      await this.manager.signinSilent();
      return true;
    } catch (error) {
      if (error instanceof ErrorResponse) return false;
      throw asProblem(error);
    }
  }

  /** Leaves for the issuer's sign-out, if it has one. */
  async end(): Promise<void> {
    const endPoint = await asProblems(this.manager.metadataService.getEndSessionEndpoint());
    if (!endPoint) return;
    // Cognito wants its own name for where to return to; others leave aside what they don't know.
    const { client_id, post_logout_redirect_uri: logout_uri = "" } = this.manager.settings;
    const extraQueryParams = { client_id, logout_uri };
    await asProblems(this.manager.signoutRedirect({ extraQueryParams }));
  }
}

async function asProblems<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    throw asProblem(error);
  }
}

/** The library's own errors have no codes: what it says of its store is all there is. */
function asProblem(error: unknown): Problem {
  const words = text.signIn.errors;
  if (error instanceof ErrorResponse) {
    const said = error.error_description || error.error || "";
    const known = error.error === "access_denied" ? words.denied : words.refused;
    return new Problem(400, known, said ? words.said(said) : words.again);
  }
  if (error instanceof Error && /state/i.test(error.message))
    return new Problem(400, words.lost, words.again);
  return new Problem(0, words.away, words.awayNext);
}
