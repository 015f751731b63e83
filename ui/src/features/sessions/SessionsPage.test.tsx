import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const names = () =>
  screen.getAllByRole("listitem").map((row) => within(row).getByRole("link").textContent);

test("sessions are listed as the server orders them, with what they hold", async () => {
  server.addSession("old", { name: "Older" }, 1);
  server.addSession("new", { name: "", first_message: "How  are\nyou?" }, 2);
  renderApp(server);
  await screen.findByText("Older");
  expect(names()[0]).toMatch(/^How are you\?.*2 items$/);
  expect(names()[1]).toMatch(/^Older.*1 item$/);
});

test("an empty list says what to do", async () => {
  renderApp(server);
  await screen.findByRole("heading", { name: "No sessions yet" });
});

test("more sessions come on demand, and focus goes on to the first of them", async () => {
  for (let n = 1; n <= 40; n++) server.addSession(`s${n}`);
  const user = renderApp(server);
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  await waitFor(() => expect(names()).toHaveLength(40));
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  expect(document.activeElement?.textContent).toContain("Name of s10");
  expect(screen.getByText("40 sessions shown")).toBeTruthy();
});

test("a failure names its cause and the next step, and can be tried again", async () => {
  server.addSession("a");
  server.broken.set("GET /sessions", refusal(503, "The database is away.", "Wait a moment."));
  const user = renderApp(server);
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The database is away.Wait a moment.");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByText("Name of a");
});

test("a new session opens at once", async () => {
  const user = renderApp(server);
  await user.click(await screen.findByRole("button", { name: "New session" }));
  await screen.findByRole("heading", { name: "Untitled session" });
  expect(window.location.pathname).toBe("/sessions/fresh");
});

async function choose(action: string) {
  const user = renderApp(server);
  await user.click(await screen.findByRole("button", { name: "Actions for Name of a" }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
  return user;
}

test("a session is renamed, against the version that was shown", async () => {
  server.addSession("a", { version: 3 });
  const user = await choose("Rename…");
  const field = await screen.findByRole("textbox", { name: "Name" });
  await user.clear(field);
  await user.type(field, "Better{Enter}");
  await screen.findByText("Renamed to “Better”.");
  await screen.findByRole("link", { name: /^Better/ });
  const patch = server.sent.find((one) => one.method === "PATCH");
  expect(patch?.body).toEqual({ name: "Better", version: 3 });
});

test("a rename that somebody else forestalled says so and keeps what was typed", async () => {
  server.addSession("a");
  server.broken.set("PATCH /sessions/a", refusal(409, "It changed meanwhile.", "Try again."));
  const user = await choose("Rename…");
  await user.type(await screen.findByRole("textbox", { name: "Name" }), "Mine{Enter}");
  expect((await screen.findByRole("alert")).textContent).toBe("It changed meanwhile. Try again.");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toContain("Mine");
});

test("a session is deleted only after the question", async () => {
  server.addSession("a");
  const user = await choose("Delete…");
  const question = await screen.findByRole("alertdialog");
  expect(server.sessions).toHaveLength(1);
  await user.click(within(question).getByRole("button", { name: "Delete" }));
  await screen.findByRole("heading", { name: "No sessions yet" });
  expect(screen.getByText("Deleted “Name of a”.")).toBeTruthy();
});

test("who cancels deletes nothing", async () => {
  server.addSession("a");
  const user = await choose("Delete…");
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(server.sessions).toHaveLength(1);
});
