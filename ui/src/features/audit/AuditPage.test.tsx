import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import * as files from "../../lib/save";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const deeds = () => screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent);
const asked = () => server.sent.findLast(({ path }) => path === "/audit")?.query;

test("each entry is a sentence, with what is known about it", async () => {
  server.administration.addEntry({
    outcome: "denied",
    count: 3,
    who: "",
    verb: "get",
    kind: "request",
    object_id: "/api/me",
    ip: "10.0.0.9",
  });
  server.administration.addEntry({ before: { name: "a" }, after: { name: "b" }, how: "token_7" });
  const user = renderApp(server, "/admin/audit");
  await screen.findByText("Refused");
  expect(deeds()).toEqual(["ada changed token", "Somebody unknown asked for the address /api/me"]);
  expect(screen.getByText("3 times")).toBeTruthy();
  await user.click(screen.getAllByText("Details")[0] as HTMLElement);
  expect(screen.getByText("token token_7")).toBeTruthy();
  expect(screen.getByText("name").parentElement?.textContent).toContain("before a → after b");
});

test("an entry names what it is about, where that has a name", async () => {
  server.administration.addEntry({ kind: "model", object_id: "small" });
  server.administration.addEntry({ kind: "token", object_id: `token_${"0f".repeat(16)}` });
  server.administration.addEntry({ kind: "account", verb: "sign-in", object_id: "ada" });
  renderApp(server, "/admin/audit");
  await screen.findAllByText("Details");
  expect(deeds().toSorted()).toEqual([
    "ada changed model small",
    "ada changed token",
    "ada signed in to account",
  ]);
});

test("a search narrows by person, action, kind and time", async () => {
  server.administration.addEntry({ who: "ada", kind: "account" });
  server.administration.addEntry({ who: "grace", kind: "account", verb: "delete" });
  server.administration.addEntry({ who: "grace", kind: "account", verb: "create" });
  const user = renderApp(server, "/admin/audit");
  await user.type(await screen.findByLabelText("Who"), "grace");
  await user.selectOptions(screen.getByLabelText("Action"), "delete");
  await user.selectOptions(screen.getByLabelText("Kind"), "account");
  await user.type(screen.getByLabelText("From"), "2026-01-01T00:00");
  await user.click(screen.getByRole("button", { name: "Search" }));
  await waitFor(() => expect(deeds()).toEqual(["grace deleted account"]));
  expect(asked()?.get("actor")).toBe("grace");
  expect(asked()?.get("verb")).toBe("delete");
  expect(asked()?.get("since")).toBe(new Date("2026-01-01T00:00").toISOString());
  expect(asked()?.has("until")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Clear" }));
  await waitFor(() => expect(deeds()).toHaveLength(3));
});

test("an action is found however far back it lies", async () => {
  server.administration.addEntry({ verb: "delete" });
  for (let n = 0; n < 120; n++) server.administration.addEntry();
  const user = renderApp(server, "/admin/audit");
  await user.selectOptions(await screen.findByLabelText("Action"), "delete");
  await user.click(screen.getByRole("button", { name: "Search" }));
  await waitFor(() => expect(deeds()).toEqual(["ada deleted token"]));
});

test("a search without a find says so", async () => {
  renderApp(server, "/admin/audit");
  await screen.findByRole("heading", { name: "Nothing found" });
});

test("a failure can be tried again", async () => {
  server.administration.addEntry();
  server.broken.set("GET /audit", refusal(503, "The database is away."));
  const user = renderApp(server, "/admin/audit");
  await screen.findByText("The database is away.");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByText("Done");
});

test.each([
  ["Export as CSV", "csv"],
  ["Export as JSON Lines", "jsonl"],
])("%s takes along what was searched", async (button, format) => {
  const save = vi.spyOn(files, "saveFile").mockImplementation(() => {});
  server.administration.addEntry({ who: "grace" });
  server.administration.addEntry();
  const user = renderApp(server, "/admin/audit");
  await user.type(await screen.findByLabelText("Who"), "grace{Enter}");
  await user.click(screen.getByRole("button", { name: button }));
  await screen.findByText(`Saved audit.${format}.`);
  expect(await save.mock.calls[0]?.[1].text()).toBe("audit_1\n");
});
