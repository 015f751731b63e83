import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../../lib/problem";
import { FakeIssuer, SETTINGS } from "../../testing/fakeIssuer";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
let issuer: FakeIssuer;
beforeEach(() => {
  server = new FakeServer();
  server.signedIn = false;
  issuer = new FakeIssuer(server);
});
afterEach(() => issuer.close());

const CONFIG = { signIn: SETTINGS, users: true };
const render = (address = "/") => renderApp(server, address, CONFIG, issuer.signIn());
const signInButton = () => screen.findByRole("button", { name: "Sign in" });

test("without an issuer there is no button, only the one-time link", async () => {
  renderApp(server);
  await screen.findByText("lisa login-url");
  expect(screen.queryByRole("button", { name: "Sign in" })).toBeNull();
});

test("the button leads to the issuer, with the page that was wanted", async () => {
  const user = render("/sessions/a?x=1");
  await user.click(await signInButton());
  await waitFor(() => expect(issuer.begun).toEqual(["/sessions/a?x=1"]));
});

test("an issuer's answer is taken once and leads to the page that was wanted", async () => {
  server.addSession("a", { name: "Wanted" });
  const finish = vi.fn(async () => {
    issuer.give();
    return "/sessions/a";
  });
  issuer.finish = finish;
  render("/signed-in?code=c&state=s");
  await screen.findByRole("heading", { name: "Wanted" });
  expect(window.location.pathname + window.location.search).toBe("/sessions/a");
  expect(finish).toHaveBeenCalledExactlyOnceWith("http://127.0.0.1:8080/signed-in?code=c&state=s");
});

test("an answer that was refused says why and leaves the address bar", async () => {
  issuer.finish = async () => {
    throw new Problem(400, "You weren't let in.", "Begin again.");
  };
  render("/signed-in?error=access_denied&state=s2");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("You weren't let in.Begin again.");
  expect(window.location.search).toBe("");
  await signInButton();
});

test("where a browser can't sign in safely, the page says why and what to do", async () => {
  vi.spyOn(globalThis, "crypto", "get").mockReturnValue({} as Crypto);
  render();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("LISA_PUBLIC_URL");
  expect(alert.textContent).toContain("SSH tunnel");
  expect(screen.queryByRole("button", { name: "Sign in" })).toBeNull();
  expect(screen.getByText("lisa login-url")).toBeTruthy();
});

test("a sign-in that ends says so, and what was written is still there afterwards", async () => {
  server.serving.addModel("small");
  server.addSession("a");
  issuer.give();
  const user = render("/sessions/a");
  await screen.findByRole("option", { name: "small" });
  await user.type(await screen.findByRole("textbox", { name: "Message" }), "Unsent");
  server.bearers.clear();
  issuer.next = "refuse";
  await user.keyboard("{Enter}");
  await screen.findByText(/You were signed out/);

  issuer.give();
  await user.click(screen.getByRole("button", { name: "I am signed in already" }));
  const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  expect(field.value).toBe("Unsent");
});

test("signing out ends the cookie and the issuer's sign-in, and forgets what was written", async () => {
  server.addSession("a");
  issuer.give();
  const user = render("/sessions/a");
  await user.type(await screen.findByRole("textbox", { name: "Message" }), "Unsent");
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  await signInButton();
  expect(issuer.ended).toBe(1);
  expect(server.sent.some(({ path }) => path === "/sign-out")).toBe(true);
  expect(Object.keys(sessionStorage)).toEqual([]);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("where no cookies are known, signing out is the issuer's business", async () => {
  issuer.give();
  server.broken.set("POST /sign-out", refusal(404, "There is no such path."));
  const user = render();
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  await waitFor(() => expect(issuer.ended).toBe(1));
  await signInButton();
});

test("one's own password can be changed, and the new one is asked for at once", async () => {
  issuer.give();
  const user = render();
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  await user.click(await screen.findByRole("menuitem", { name: "Change password…" }));
  await user.type(await screen.findByLabelText("Present password"), "the one before");
  await user.type(screen.getByLabelText("New password"), "the one after{Enter}");
  await screen.findByText("Your password is changed.");
  const sent = server.sent.find(({ path }) => path === "/me/password");
  expect(sent?.body).toEqual({ current: "the one before", new: "the one after" });
  await waitFor(() => expect(issuer.begun).toEqual(["/"]));
});

test("whoever came by the one-time link has no password to change", async () => {
  server.signedIn = true;
  const user = render();
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  await screen.findByRole("menuitem", { name: "Sign out" });
  expect(screen.queryByRole("menuitem", { name: "Change password…" })).toBeNull();
});
