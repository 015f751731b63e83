import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const render = () => renderApp(server, "/admin/users", { users: true });
const patched = () => server.sent.find(({ method }) => method === "PATCH")?.body;

test("an empty list says what to do", async () => {
  render();
  await screen.findByRole("heading", { name: "No users yet" });
});

test("a person is added with a password and groups", async () => {
  const user = render();
  await user.click(await screen.findByRole("button", { name: "New user" }));
  await user.type(await screen.findByLabelText("Name"), "grace");
  await user.type(screen.getByLabelText("Password"), "a long password");
  await user.type(screen.getByLabelText("Groups"), "team, lisa-admin{Enter}");
  await screen.findByRole("heading", { name: "grace" });
  expect(screen.getByText("team, lisa-admin")).toBeTruthy();
  expect(server.sent.find(({ method }) => method === "POST")?.body).toEqual({
    name: "grace",
    password: "a long password",
    groups: ["team", "lisa-admin"],
  });
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /users", refusal(503, "The database is away."));
  const user = render();
  await screen.findByText("The database is away.");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "No users yet" });
});

async function choose(action: string) {
  server.administration.addUser("grace", { groups: ["team"], version: 4 });
  const user = render();
  await user.click(await screen.findByRole("button", { name: "Actions for grace" }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
  return user;
}

test("groups are changed against the version that was shown", async () => {
  const user = await choose("Groups…");
  await user.type(await screen.findByRole("textbox", { name: "Groups" }), ", more{Enter}");
  await screen.findByText("team, more");
  expect(patched()).toEqual({ groups: ["team", "more"], version: 4 });
});

test("a password is set", async () => {
  const user = await choose("Set password…");
  await user.type(await screen.findByLabelText("Password"), "a long password{Enter}");
  await screen.findByText("“grace” has a new password.");
  expect(patched()).toEqual({ password: "a long password", version: 4 });
});

test("an account is switched off", async () => {
  await choose("Disable");
  await screen.findByText("Disabled");
});

test("what somebody else changed meanwhile is said", async () => {
  server.broken.set("PATCH /users/grace", refusal(409, "It changed meanwhile."));
  await choose("Disable");
  await screen.findByText(/Nothing was changed. It changed meanwhile./);
});

test("a person is removed only after the question", async () => {
  const user = await choose("Remove…");
  const question = await screen.findByRole("alertdialog");
  await user.click(within(question).getByRole("button", { name: "Remove" }));
  await screen.findByRole("heading", { name: "No users yet" });
  await waitFor(() => expect(document.activeElement?.textContent).toBe("New user"));
});
