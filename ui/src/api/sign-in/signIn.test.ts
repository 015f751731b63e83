import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeIssuer } from "../../testing/fakeIssuer";
import { FakeServer } from "../../testing/fakeServer";
import { withBearer } from "./bearer";

const HERE = "http://127.0.0.1:8080/api";
const GATEWAY = "http://127.0.0.1:8081/v1";

let server: FakeServer;
let issuer: FakeIssuer;
beforeEach(() => {
  server = new FakeServer();
  server.signedIn = false;
  issuer = new FakeIssuer(server);
});
afterEach(() => issuer.close());

const sending = (signIn = issuer.signIn()) =>
  withBearer(server.fetch as typeof fetch, signIn, [HERE, GATEWAY]);
const shown = () => server.sent.map(({ bearer }) => bearer);

test("whoever signed in is shown with every call", async () => {
  issuer.give();
  const response = await sending()(`${HERE}/me`);
  expect(response.status).toBe(200);
  expect(shown()).toEqual(["Bearer jwt-1"]);
});

test("a gateway elsewhere is shown who signed in as well", async () => {
  issuer.give();
  await sending()(`${GATEWAY}/models`);
  expect(shown()).toEqual(["Bearer jwt-1"]);
});

test("nobody's token is invented, and another server gets none", async () => {
  await sending()(`${HERE}/me`);
  issuer.give();
  await sending()("http://127.0.0.1:9/elsewhere");
  expect(shown()).toEqual(["", ""]);
});

test("a token that soon ends is renewed before it is sent", async () => {
  issuer.give(30);
  await sending()(`${HERE}/me`);
  expect(shown()).toEqual(["Bearer jwt-2"]);
});

test("a token that still works is sent while the issuer is away", async () => {
  issuer.give(30);
  issuer.next = new TypeError("Failed to fetch");
  await sending()(`${HERE}/me`);
  expect(shown()).toEqual(["Bearer jwt-1"]);
});

test("refused calls renew once, together, and are sent again with what they carried", async () => {
  issuer.give();
  server.bearers.clear();
  const send = sending();
  const post = { method: "POST", body: JSON.stringify({ name: "Kept" }) };
  const answers = await Promise.all([
    send(`${HERE}/me`),
    send(`${HERE}/sessions`, post),
    send(`${HERE}/me`),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 201, 200]);
  expect(issuer.renewals).toBe(1);
  const posts = server.sent.filter(({ method }) => method === "POST");
  expect(posts.map(({ body }) => body.name)).toEqual(["Kept", "Kept"]);
});

test("a refused renewal ends the sign-in, once", async () => {
  issuer.give();
  server.bearers.clear();
  issuer.next = "refuse";
  const signIn = issuer.signIn();
  signIn.onGone = vi.fn();
  const response = await sending(signIn)(`${HERE}/me`);
  expect(response.status).toBe(401);
  expect(signIn.isActive).toBe(false);
  expect(signIn.onGone).toHaveBeenCalledOnce();
  expect(server.sent).toHaveLength(1);
});

test("an issuer that is away ends no sign-in", async () => {
  issuer.give();
  server.bearers.clear();
  issuer.next = new TypeError("Failed to fetch");
  const signIn = issuer.signIn();
  await expect(sending(signIn)(`${HERE}/me`)).rejects.toThrow("Failed to fetch");
  expect(signIn.isActive).toBe(true);
});

test("a token that was renewed meanwhile is taken, not renewed again", async () => {
  issuer.give();
  const signIn = issuer.signIn();
  expect(await signIn.renewed("jwt-0")).toBe("jwt-1");
  expect(issuer.renewals).toBe(0);
});

/** As another tab would: tests have one storage for all tabs, so it is only spoken to. */
function otherTab() {
  const channel = new BroadcastChannel("lisa.sign-in http://127.0.0.1:8080/oidc lisa-ui");
  const heard: unknown[] = [];
  channel.onmessage = ({ data }) => heard.push(data);
  const user = (token: string, sub: string, expires_at: number) =>
    JSON.stringify({ access_token: token, expires_at, profile: { sub } });
  return { channel, heard, user };
}

test("a tab asks the others for their sign-in before it asks the person", async () => {
  const other = otherTab();
  other.channel.onmessage = ({ data }) => {
    if (data.what === "ask")
      other.channel.postMessage({ what: "have", kept: other.user("theirs", "ada", 9e9) });
  };
  const signIn = issuer.signIn();
  await signIn.adopt();
  expect(await signIn.token()).toBe("theirs");
  other.channel.close();
});

test("another tab's newer tokens are taken over, another person's are not", async () => {
  issuer.give();
  const signIn = issuer.signIn();
  const other = otherTab();
  other.channel.postMessage({ what: "have", kept: other.user("grace", "grace", 9e9) });
  other.channel.postMessage({ what: "have", kept: other.user("older", "ada", 1) });
  other.channel.postMessage({ what: "have", kept: other.user("newer", "ada", 9e9) });
  await vi.waitFor(async () => expect(await signIn.token()).toBe("newer"));
  other.channel.close();
});

test("signing out is told to the other tabs, and heard from them", async () => {
  issuer.give();
  const signIn = issuer.signIn();
  const other = otherTab();
  await signIn.end();
  expect(issuer.ended).toBe(1);
  expect(signIn.isActive).toBe(false);
  await vi.waitFor(() => expect(other.heard).toContainEqual({ what: "gone" }));
  issuer.give();
  signIn.onGone = vi.fn();
  other.channel.postMessage({ what: "gone" });
  await vi.waitFor(() => expect(signIn.onGone).toHaveBeenCalledOnce());
  other.channel.close();
});
