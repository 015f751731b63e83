import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

const SWITCHES = [
  "uploadContextDocs",
  "documentSummarization",
  "showPromptTemplateLibrary",
  "mcpConnections",
  "ragSelectionAvailable",
  "editKwargs",
  "viewMetaData",
];
const BUTTONS = ["Attach files", "Prompts", "Tools", "Collections", "Arguments"];

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.serving.addModel("small", { contextWindow: 8_000 });
  server.addSession("a");
});

const switchOff = (...names: string[]) =>
  server.administration.change({
    enabledComponents: Object.fromEntries(names.map((name) => [name, false])),
  });

async function answered() {
  const user = renderApp(server, "/sessions/a");
  await screen.findByRole("option", { name: "small" });
  await user.type(await screen.findByRole("textbox", { name: "Message" }), "Hello{Enter}");
  await screen.findByText("You said: Hello");
  return user;
}

const shown = () => BUTTONS.filter((name) => screen.queryByRole("button", { name }) !== null);

async function commands(user: Awaited<ReturnType<typeof answered>>) {
  await user.type(screen.getByRole("textbox", { name: "Message" }), "/");
  const menu = await screen.findByRole("listbox", { name: "Commands" });
  return within(menu).getAllByRole("option").length;
}

test("everything is offered as long as nobody has switched it off", async () => {
  const user = await answered();
  expect(shown()).toEqual(BUTTONS);
  expect(screen.getByText(/tokens\/s/)).toBeTruthy();
  expect(await commands(user)).toBe(8);
});

test("what administrators switched off is offered nowhere", async () => {
  switchOff(...SWITCHES);
  const user = await answered();
  expect(shown()).toEqual([]);
  expect(screen.queryByText(/tokens\/s/)).toBeNull();
  expect(await commands(user)).toBe(3);
});

test("a file can be attached for a summary alone", async () => {
  switchOff("uploadContextDocs");
  await answered();
  expect(shown()).toEqual(BUTTONS);
});
