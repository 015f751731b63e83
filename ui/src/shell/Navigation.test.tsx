import { cleanup, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { DOCUMENT } from "../testing/fakeAdministration";
import { FakeServer } from "../testing/fakeServer";
import { renderApp } from "../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const OWN = [
  "Home",
  "Sessions",
  "Prompts",
  "Tool servers",
  "Knowledge",
  "Model library",
  "Playground",
  "Usage",
];

const places = async () => {
  await screen.findByRole("heading", { name: "Welcome to LISA" });
  const navigation = screen.getByRole("navigation", { name: "Main" });
  return Array.from(navigation.querySelectorAll("a"), (link) => link.textContent);
};

async function unfolded(given: object = {}) {
  const user = renderApp(server, "/", given);
  await user.click(await screen.findByRole("button", { name: "Administration" }));
}

test("administrators see what they administer, accounts only where there are own ones", async () => {
  await unfolded();
  expect(await places()).toEqual([
    ...OWN,
    "API tokens",
    "Models",
    "Schedules",
    "All tokens",
    "Configuration",
    "Audit",
  ]);
});

test("own accounts are administered where there are any", async () => {
  await unfolded({ users: true });
  expect(await places()).toContain("Users");
});

test("everybody else sees what is theirs", async () => {
  server.me = { ...server.me, admin: false };
  renderApp(server, "/", { users: true });
  expect(await places()).toEqual([...OWN, "API tokens"]);
});

test("whoever may make no tokens isn't shown them", async () => {
  server.me = { ...server.me, admin: false, may_make_tokens: false };
  renderApp(server);
  expect(await places()).toEqual(OWN);
});

test("what is switched off isn't offered", async () => {
  const off = {
    showPromptTemplateLibrary: false,
    mcpConnections: false,
    modelLibrary: false,
    showRagLibrary: false,
  };
  server.administration.change({ ...DOCUMENT, enabledComponents: off });
  renderApp(server);
  await waitFor(async () => expect(await places()).not.toContain("Prompts"));
  expect(await places()).not.toContain("Tool servers");
  expect(await places()).not.toContain("Model library");
  expect(await places()).not.toContain("Knowledge");
});

test("the pages of administrators are folded until they are wanted, and stay as they were left", async () => {
  renderApp(server);
  expect(await places()).not.toContain("Models");
  cleanup();
  await unfolded();
  cleanup();
  renderApp(server);
  expect(await places()).toContain("Models");
});

test.each([
  "/admin/models",
  "/admin/models/new",
  "/admin/models/edit?id=small",
  "/admin/models/small",
  "/admin/models/new/hosted",
  "/admin/schedules",
  "/admin/tokens",
  "/admin/users",
  "/admin/configuration",
  "/admin/audit",
  "/tokens",
])("%s is no page for those who can't use it", async (address) => {
  server.me = { ...server.me, admin: false, may_make_tokens: false };
  renderApp(server, address, { users: true });
  await screen.findByRole("heading", { name: "Page not found" });
  expect(server.sent.map(({ path }) => path)).not.toContain(address.replace("/admin", ""));
});

test("the account's menu says who one is and in which groups", async () => {
  server.me = { ...server.me, groups: ["team", "other"] };
  const user = renderApp(server);
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  await screen.findByText("Groups: team, other");
});
