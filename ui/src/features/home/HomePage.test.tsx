import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { DOCUMENT } from "../../testing/fakeAdministration";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const main = () => within(screen.getByRole("main"));

test("without a model an administrator adds one in two clicks", async () => {
  const user = renderApp(server);
  await screen.findByRole("heading", { name: "No model is connected yet" });
  await user.click(main().getByRole("link", { name: "Add a model" }));
  await screen.findByRole("heading", { name: "Add model" });
  screen.getByRole("button", { name: "Add model" });
});

test("without a model everybody else is told whom to ask", async () => {
  server.me = { ...server.me, admin: false };
  renderApp(server, "/", { branding: { name: "Acme" } });
  await screen.findByText(/until an administrator connects a model/);
  screen.getByText(/They sign in to Acme/);
  expect(main().queryByRole("link", { name: "Add a model" })).toBeNull();
});

test("the built-in model invites to try it", async () => {
  server.serving.addModel("demo", { builtIn: true });
  const user = renderApp(server);
  await screen.findByText(/“demo” runs on this machine/);
  main().getByRole("link", { name: "Add a larger model" });
  await user.click(main().getByRole("button", { name: "New session" }));
  await waitFor(() => expect(window.location.pathname).toBe("/sessions/fresh"));
});

test("models that are all switched off are named so", async () => {
  server.serving.addModel("large", { status: "Stopped" });
  renderApp(server);
  await screen.findByRole("heading", { name: "No model is running" });
  main().getByRole("link", { name: "See the models" });
});

test("with a model of one's own one begins", async () => {
  server.serving.addModel("large");
  server.serving.addModel("vectors", { modelType: "embedding" });
  renderApp(server);
  await screen.findByText("One model is ready to answer.");
});

test("the newest sessions lead back to where one was", async () => {
  for (const id of ["a", "b", "c", "d", "e", "f"]) server.addSession(id);
  renderApp(server);
  const recent = within(await screen.findByRole("region", { name: "Recent sessions" }));
  const links = recent.getAllByRole("listitem").map((row) => row.querySelector("a")?.pathname);
  expect(links).toEqual(["f", "e", "d", "c", "b"].map((id) => `/sessions/${id}`));
});

test("what somebody may not do, or what is switched off, isn't offered", async () => {
  server.me = { ...server.me, admin: false, may_make_tokens: false };
  const off = { mcpConnections: false };
  server.administration.change({ ...DOCUMENT, enabledComponents: off });
  renderApp(server);
  const links = within(await screen.findByRole("region", { name: "What else there is" }));
  await waitFor(() => expect(links.queryByRole("link", { name: /Tool servers/ })).toBeNull());
  const names = links.getAllByRole("link").map((link) => link.textContent);
  expect(names.map((name) => name?.match(/^[A-Z][a-z]+/)?.[0])).toEqual([
    "Prompts",
    "Playground",
    "Usage",
  ]);
});

test("a failure of the models says so, and the rest is there", async () => {
  server.broken.set("GET /models", refusal(403, "Not yours."));
  renderApp(server);
  expect((await screen.findByRole("alert")).textContent).toContain("The models can't be shown.");
  screen.getByRole("region", { name: "What else there is" });
});

test("name and logo are the installation's, a logo from elsewhere is none", async () => {
  renderApp(server, "/", { branding: { name: "Acme", logo: "logo.svg" } });
  await screen.findByRole("heading", { name: "Welcome to Acme" });
  const logos = [...document.querySelectorAll("img")].map((image) => image.getAttribute("src"));
  expect(new Set(logos)).toEqual(new Set(["/logo.svg"]));
});

test.each([
  "https://elsewhere.example/logo.svg",
  "//elsewhere/logo.svg",
  "../x.svg",
  "x.html",
])("%s is no logo of ours", async (logo) => {
  renderApp(server, "/", { branding: { name: "Acme", logo } });
  await screen.findByRole("heading", { name: "Welcome to Acme" });
  expect(document.querySelector("img")).toBeNull();
});
