import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { offerCommands } from "../lib/commands";
import { FakeServer } from "../testing/fakeServer";
import { renderApp } from "../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

async function opened() {
  const user = renderApp(server, "/usage");
  await screen.findByRole("heading", { name: "Usage" });
  await user.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: "Command or session" });
  await waitFor(() => expect(document.activeElement).toBe(field));
  return user;
}

const chosen = () => screen.getByRole("option", { selected: true }).textContent;

test("the palette opens at a key, and goes where one types", async () => {
  const user = await opened();
  await user.keyboard("tokens");
  expect(chosen()).toBe("API tokens");
  await user.keyboard("{Enter}");
  await screen.findByRole("heading", { name: "API tokens" });
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("the arrow keys go round", async () => {
  const user = await opened();
  await user.keyboard("theme");
  const names = screen.getAllByRole("option").map((one) => one.textContent);
  await user.keyboard("{ArrowUp}");
  expect(chosen()).toBe(names.at(-1));
  await user.keyboard("{ArrowDown}{ArrowDown}");
  expect(chosen()).toBe(names[1]);
});

test("Escape closes it, and focus is where it was", async () => {
  const user = renderApp(server, "/usage");
  const opener = await screen.findByRole("button", { name: "Find or do anything" });
  await user.click(opener);
  await screen.findByRole("combobox", { name: "Command or session" });
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(opener));
});

test("sessions that say it are found as well, each once", async () => {
  server.addSession("a", { name: "About whales" });
  server.addItem("a", "user", "How heavy is a whale?", "item_1");
  const user = await opened();
  await user.keyboard("whale");
  await user.click(await screen.findByRole("option", { name: "About whales" }));
  await waitFor(() => expect(window.location.pathname).toBe("/sessions/a"));
});

test("what features offer stands first, as long as they offer it", async () => {
  let done = 0;
  const commands = [{ id: "x", name: "Switch to large", group: "Model", run: () => void done++ }];
  const end = offerCommands(commands);
  const user = await opened();
  await user.keyboard("switch to{Enter}");
  expect(done).toBe(1);
  act(end);
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: "Command or session" }), "switch to");
  await screen.findByText("Nothing found.");
});

test("the theme is switched by its name", async () => {
  const user = await opened();
  await user.keyboard("dark{Enter}");
  expect(document.documentElement.dataset.theme).toBe("dark");
});

test("the keys are listed at a question mark, unless one writes or switched that off", async () => {
  const user = renderApp(server, "/sessions");
  const field = (await screen.findAllByRole("searchbox"))[0] as HTMLElement;
  await user.type(field, "?");
  expect(screen.queryByRole("dialog")).toBeNull();
  act(() => field.blur());
  await user.keyboard("?");
  await screen.findByRole("dialog", { name: "Keys" });
  await user.click(screen.getByRole("checkbox", { name: "Open this sheet with ?" }));
  cleanup();
  renderApp(server, "/usage");
  await screen.findByRole("heading", { name: "Usage" });
  await user.keyboard("?");
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.keyboard("{Control>}/{/Control}");
  await screen.findByRole("dialog", { name: "Keys" });
});

test("a new session begins at a key", async () => {
  const user = renderApp(server, "/usage");
  await screen.findByRole("heading", { name: "Usage" });
  await user.keyboard("{Control>}{Shift>}O{/Shift}{/Control}");
  await waitFor(() => expect(window.location.pathname).toBe("/sessions/fresh"));
});
