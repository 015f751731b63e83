import { SigninState } from "oidc-client-ts";
import { expect, test, vi } from "vitest";
import { text } from "../../lib/strings";
import { SETTINGS } from "../../testing/fakeIssuer";
import { PREFIX } from "./kept";
import { Provider } from "./provider";

const words = text.signIn.errors;
const HERE = "http://127.0.0.1:8080/signed-in";
const provider = () => new Provider(SETTINGS, "history");

/** A sign-in that this tab began. */
async function began(id: string): Promise<void> {
  const state = await SigninState.create({
    id,
    authority: SETTINGS.authority,
    client_id: SETTINGS.clientId,
    redirect_uri: HERE,
    scope: SETTINGS.scope,
    data: { page: "/sessions" },
  });
  sessionStorage.setItem(PREFIX + id, state.toStorageString());
}

test("an answer to a sign-in that this tab didn't begin is refused in words", async () => {
  const answer = provider().finish(`${HERE}?code=stolen&state=unknown`);
  await expect(answer).rejects.toMatchObject({ message: words.lost, nextStep: words.again });
});

test.each([
  ["access_denied", words.denied],
  ["invalid_request", words.refused],
])("the issuer's %s is said in words, with its own beside them", async (error, message) => {
  await began("mine");
  const answer = provider().finish(`${HERE}?error=${error}&error_description=Why&state=mine`);
  await expect(answer).rejects.toMatchObject({ message, nextStep: words.said("Why") });
});

test("an issuer that can't be reached is named", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(provider().begin("/")).rejects.toMatchObject({ message: words.away, status: 0 });
});

test("without a refresh token nothing is renewed", async () => {
  expect(await provider().renew()).toBe(false);
});
