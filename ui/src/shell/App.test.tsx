import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { FakeServer, refusal } from "../testing/fakeServer";
import { renderApp } from "../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

// The same button is in the sidebar and, where it is narrow, at the top.
const first = (elements: HTMLElement[]) => elements[0] as HTMLElement;
const spentCodes = () => server.sent.filter((one) => one.path === "/sign-in").length;

test("whoever is not signed in is told how to get in", async () => {
  server.signedIn = false;
  renderApp(server, "/sessions");
  await screen.findByRole("heading", { name: "Sign in" });
  expect(screen.getByText("lisa login-url")).toBeTruthy();
  expect(server.sent.some((one) => one.path === "/sessions")).toBe(false);
});

test("a one-time link signs in once and leaves the address bar", async () => {
  server.signedIn = false;
  server.codes.add("one-time");
  renderApp(server, "/#sign-in=one-time");
  expect(window.location.hash).toBe("");
  await screen.findByRole("heading", { name: "Welcome to LISA" });
  expect(spentCodes()).toBe(1);
});

test("a used link says so and what to do", async () => {
  server.signedIn = false;
  renderApp(server, "/#sign-in=used-before");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("This link was used already.");
  expect(alert.textContent).toContain("lisa login-url");
});

test("a link is tried again when the server couldn't be reached", async () => {
  server.signedIn = false;
  server.codes.add("one-time");
  server.broken.set("POST /sign-in", "no connection");
  renderApp(server, "/#sign-in=one-time");
  await vi.waitFor(() => expect(spentCodes()).toBe(1), { interval: 1 });
  server.broken.clear();
  await screen.findByRole("heading", { name: "Welcome to LISA" });
});

test("a link that comes while the page is open counts as well", async () => {
  server.signedIn = false;
  server.codes.add("later");
  renderApp(server, "/");
  await screen.findByRole("heading", { name: "Sign in" });
  window.location.hash = "#sign-in=later";
  await screen.findByRole("heading", { name: "Welcome to LISA" });
  expect(window.location.hash).toBe("");
});

test("a used link does not sign anybody out", async () => {
  renderApp(server, "/#sign-in=used-before");
  await screen.findByRole("heading", { name: "Welcome to LISA" });
  expect(await screen.findByText(/you are signed in already/)).toBeTruthy();
});

test("signing out leads to the way in, and spends no code again", async () => {
  server.signedIn = false;
  server.codes.add("one-time");
  const user = renderApp(server, "/#sign-in=one-time");
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  await user.click(await screen.findByRole("menuitem", { name: "Sign out" }));
  await screen.findByRole("heading", { name: "Sign in" });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(spentCodes()).toBe(1);
});

test("a sign-in that ended meanwhile leads to the way in", async () => {
  const user = renderApp(server, "/sessions");
  await screen.findByRole("heading", { name: "No sessions yet" });
  server.signedIn = false;
  await user.click(first(screen.getAllByRole("button", { name: "New session" })));
  await screen.findByRole("heading", { name: "Sign in" });
});

test("a server that can't be reached is named, and trying again helps", async () => {
  server.broken.set("GET /me", "no connection");
  const user = renderApp(server);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("can't be reached");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "Welcome to LISA" });
});

test("an address that leads nowhere says so", async () => {
  renderApp(server, "/nowhere/at/all");
  await screen.findByRole("heading", { name: "Page not found" });
  await waitFor(() => expect(document.title).toBe("Page not found · LISA"));
});

test("the installation decides the name and where addresses are kept", async () => {
  server.addSession("a", { name: "Deep link" });
  renderApp(server, "/prod/#/sessions/a", { routing: "hash", branding: { name: "Acme" } });
  await screen.findByRole("heading", { name: "Deep link" });
  await waitFor(() => expect(document.title).toBe("Deep link · Acme"));
});

test("the theme is applied and remembered", async () => {
  const user = renderApp(server);
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  await user.click(await screen.findByRole("menuitemradio", { name: /Dark/ }));
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(localStorage.getItem("lisa.theme")).toBe("dark");
});

test("an error of a page is a sentence with a way on", async () => {
  server.broken.set("GET /sessions", new Response("<html>not ours</html>", { status: 502 }));
  renderApp(server);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("an answer that this page doesn't understand");
});

test("a refusal shows the id by which the log can be searched", async () => {
  server.broken.set("GET /sessions", refusal(403, "Not yours."));
  renderApp(server);
  expect((await screen.findByRole("alert")).textContent).toContain("Request req_7");
});
