import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer } from "../testing/fakeServer";
import { renderApp } from "../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const places = async () => {
  await screen.findByRole("heading", { name: "Sessions" });
  const navigation = screen.getByRole("navigation", { name: "Main" });
  return Array.from(navigation.querySelectorAll("a"), (link) => link.textContent);
};

test("administrators see what they administer, accounts only where there are own ones", async () => {
  renderApp(server);
  expect(await places()).toEqual([
    "Sessions",
    "Playground",
    "Usage",
    "API tokens",
    "Models",
    "All tokens",
    "Configuration",
    "Audit",
  ]);
});

test("own accounts are administered where there are any", async () => {
  renderApp(server, "/", { users: true });
  expect(await places()).toContain("Users");
});

test("everybody else sees what is theirs", async () => {
  server.me = { ...server.me, admin: false };
  renderApp(server, "/", { users: true });
  expect(await places()).toEqual(["Sessions", "Playground", "Usage", "API tokens"]);
});

test("whoever may make no tokens isn't shown them", async () => {
  server.me = { ...server.me, admin: false, may_make_tokens: false };
  renderApp(server);
  expect(await places()).toEqual(["Sessions", "Playground", "Usage"]);
});

test.each([
  "/admin/models",
  "/admin/models/new",
  "/admin/models/edit?id=small",
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
