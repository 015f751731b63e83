import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const names = () => screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent);
const textOf = (name: string) => screen.getByRole<HTMLTextAreaElement>("textbox", { name }).value;
const sent = (method: string) => server.sent.find((one) => one.method === method)?.body;

test("one's own tokens are listed with what they may do", async () => {
  server.administration.addToken({ owner: "grace", name: "Hers" });
  server.administration.addToken({
    name: "Mine",
    scopes: ["inference", "model:small"],
    limits: { requests_per_minute: 5 },
    disabled: true,
  });
  renderApp(server, "/tokens");
  await screen.findByText("Inference, model small");
  expect(names()).toEqual(["Mine"]);
  for (const word of ["Disabled", "Personal", "5 requests a minute", "Never", "Not yet"])
    expect(screen.getByText(word)).toBeTruthy();
});

test("an empty list says what a token is for", async () => {
  renderApp(server, "/tokens");
  await screen.findByRole("heading", { name: "No tokens yet" });
});

test("own tokens are found however many others there are", async () => {
  server.administration.addToken({ name: "Mine" });
  for (let n = 0; n < 120; n++) server.administration.addToken({ owner: "grace" });
  renderApp(server, "/tokens");
  await screen.findByRole("heading", { name: "Mine" });
});

test("more tokens come on demand, and focus goes on to the first of them", async () => {
  for (let n = 0; n < 60; n++) server.administration.addToken();
  const user = renderApp(server, "/tokens");
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  await waitFor(() => expect(names()).toHaveLength(60));
  expect(document.activeElement?.textContent).toContain("Token 10");
});

test("where people may make no tokens, no button offers it, but their tokens are listed", async () => {
  server.me = { ...server.me, admin: false };
  server.administration.change({ enabledComponents: { enableUserApiTokens: false } });
  server.administration.addToken({ name: "Mine" });
  renderApp(server, "/tokens");
  await screen.findByRole("heading", { name: "Mine" });
  await screen.findByText(/switched off that people make tokens/);
  expect(screen.queryByRole("button", { name: "New token" })).toBeNull();
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /tokens", refusal(503, "The database is away."));
  const user = renderApp(server, "/tokens");
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "No tokens yet" });
});

test("a new token's secret is shown once, with how to use it", async () => {
  const user = renderApp(server, "/tokens");
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(await screen.findByLabelText("Name"), "Nightly");
  await user.click(screen.getByRole("button", { name: "Create token" }));
  const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Token" });
  expect(field.value).toBe("lisa_secret-of-token_1");
  expect(textOf("With curl")).toContain(field.value);
  expect(textOf("With the openai package for Python")).toContain("/v1");

  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "Copy: Token" }));
  expect(await navigator.clipboard.readText()).toBe(field.value);
  await user.click(screen.getByRole("button", { name: "I have copied it" }));
  await screen.findByRole("heading", { name: "Nightly" });
  expect(screen.queryByText(/secret-of/)).toBeNull();
});

test("a token is asked for as narrow as it was described", async () => {
  server.me = { ...server.me, admin: false, groups: ["team", "other"] };
  const user = renderApp(server, "/tokens");
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(await screen.findByLabelText("Name"), "Narrow");
  await user.selectOptions(screen.getByLabelText("It acts for"), "service");
  await user.click(screen.getByLabelText("team"));
  await user.selectOptions(screen.getByLabelText("It expires"), "never");
  await user.click(screen.getByLabelText(/^Inference/));
  await user.type(screen.getByLabelText("Only these models"), "small, large");
  await user.click(screen.getByText("Limits"));
  await user.type(screen.getByLabelText("Requests a minute"), "10");
  expect(screen.queryByLabelText("With administrator rights")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Create token" }));
  await screen.findByRole("button", { name: "I have copied it" });
  expect(sent("POST")).toEqual({
    name: "Narrow",
    kind: "service",
    owner: null,
    groups: ["team"],
    admin: false,
    rag_admin: false,
    scopes: ["inference", "model:small", "model:large"],
    limits: { requests_per_minute: 10, tokens_per_minute: null, budget_usd_per_month: null },
    expires: null,
  });
});

test("a refusal of the server stands in the form", async () => {
  server.broken.set("POST /tokens", refusal(403, "A token can't do more than you may."));
  const user = renderApp(server, "/tokens");
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(await screen.findByLabelText("Name"), "Wide{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("can't do more than you may");
});

async function choose(action: string) {
  server.administration.addToken({ name: "Mine" });
  const user = renderApp(server, "/tokens");
  await user.click(await screen.findByRole("button", { name: "Actions for Mine" }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
  return user;
}

test("a token is rotated with an overlap", async () => {
  const user = await choose("Rotate…");
  await user.selectOptions(await screen.findByLabelText(/present secret/), "for a day");
  await user.click(screen.getByRole("button", { name: "Rotate" }));
  await screen.findByDisplayValue("lisa_secret-of-token_1");
  expect(sent("POST")).toEqual({ overlap_seconds: 86_400 });
});

test("a token is switched off and on", async () => {
  const user = await choose("Disable");
  await screen.findByText("Disabled");
  await user.click(await screen.findByRole("button", { name: "Actions for Mine" }));
  await user.click(await screen.findByRole("menuitem", { name: "Enable" }));
  await screen.findByText("Active");
});

test("a token is renamed", async () => {
  const user = await choose("Rename…");
  const field = await screen.findByLabelText("Name");
  await user.clear(field);
  await user.type(field, "Better{Enter}");
  await screen.findByRole("heading", { name: "Better" });
});

test("a token is revoked only after the question, and focus stays on the page", async () => {
  const user = await choose("Revoke…");
  const question = await screen.findByRole("alertdialog");
  expect(server.administration.tokens).toHaveLength(1);
  await user.click(within(question).getByRole("button", { name: "Revoke" }));
  await screen.findByRole("heading", { name: "No tokens yet" });
  await waitFor(() => expect(document.activeElement?.textContent).toBe("New token"));
});

test("administrators see everybody's tokens and filter them by owner", async () => {
  server.administration.addToken({ owner: "ada", name: "One" });
  server.administration.addToken({ owner: "grace", name: "Two" });
  const user = renderApp(server, "/admin/tokens");
  await screen.findByRole("heading", { name: "One" });
  expect(names()).toEqual(["Two", "One"]);
  await user.type(screen.getByLabelText("Owner"), "grace{Enter}");
  await waitFor(() => expect(names()).toEqual(["Two"]));
});
