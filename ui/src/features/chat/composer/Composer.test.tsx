import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.serving.addModel("small", { contextWindow: 8_000 });
  server.addSession("a");
});

const open = () => renderApp(server, "/sessions/a");
const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
const posts = () =>
  server.sent.filter((one) => one.method === "POST" && one.path === "/v1/responses");

test("arguments are kept with the session and sent with each turn", async () => {
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.click(screen.getByRole("button", { name: "Arguments" }));
  await user.type(await screen.findByRole("spinbutton", { name: "Temperature" }), "0.2");
  await user.type(screen.getByRole("spinbutton", { name: "Seed" }), "7");
  await user.type(screen.getByRole("textbox", { name: "Stop words" }), "END");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await user.type(await field(), "Hello{Enter}");
  await screen.findByText("You said: Hello");
  expect(posts()[0]?.body).toMatchObject({
    temperature: 0.2,
    lisa: { chat: { seed: 7, stop: ["END"] } },
  });
  const kept = server.sessions.find(({ id }) => id === "a");
  expect(kept?.configuration).toMatchObject({ modelArgs: { temperature: 0.2, seed: 7 } });
});

test("a slash shows commands, which the arrow keys and Enter choose", async () => {
  const user = open();
  await user.type(await field(), "/");
  const menu = await screen.findByRole("listbox", { name: "Commands" });
  expect(within(menu).getAllByRole("option").length).toBeGreaterThan(5);
  await user.keyboard("h");
  expect(within(menu).getAllByRole("option")).toHaveLength(1);
  await user.keyboard("{Enter}");
  await screen.findByRole("dialog", { name: "Commands and keys" });
  await user.keyboard("{Escape}");
  expect((await field()).value).toBe("");
  expect(posts()).toHaveLength(0);
});

test("a directive is put into the message, and a persona goes along with each turn", async () => {
  const shared = { owner: "ada", is_owner: true, may_change: true, groups: [], version: 1 };
  const times = { created: "2026-01-01T00:00:00Z", changed: "2026-01-01T00:00:00Z" };
  const more = { ...shared, ...times, changed_by: "ada" };
  server.library.prompts = [
    { id: "p1", title: "Pirate", type: "persona", body: "Speak like a pirate.", ...more },
    { id: "p2", title: "Shorten", type: "directive", body: "Make it short.", ...more },
  ];
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.click(screen.getByRole("button", { name: "Prompts" }));
  await user.click(await screen.findByRole("button", { name: /Pirate/ }));
  await screen.findByText("Persona: Pirate");
  await user.type(await field(), "/prompt Shor{Enter}");
  await user.click(await screen.findByRole("button", { name: /Shorten/ }));
  await waitFor(async () => expect((await field()).value).toBe("Make it short."));
  await user.type(await field(), "{Enter}");
  await screen.findByText("You said: Make it short.");
  expect(posts()[0]?.body.instructions).toBe("Speak like a pirate.");
});

test("a file is uploaded, measured, and goes along by its id", async () => {
  const user = open();
  await screen.findByRole("option", { name: "small" });
  const file = new File(["Some words"], "notes.txt", { type: "text/plain" });
  const input = document.querySelector<HTMLInputElement>("input[type=file]");
  await user.upload(input as HTMLInputElement, file);
  await screen.findByText(/about 1,234 tokens/);
  await screen.findByText("Attachments take about 1.2K of 8K tokens.");
  await user.type(await field(), "Read this{Enter}");
  await screen.findByText("You said: Read this");
  expect(posts()[0]?.body.input[0].content[1]).toEqual({
    type: "input_file",
    file_id: "file_1",
    filename: "notes.txt",
  });
  expect(screen.queryByRole("list", { name: "Attachments" })).toBeNull();
});

test("a model that isn't ready says so and can't be chosen", async () => {
  server.serving.addModel("large", { status: "Starting" });
  open();
  const option = await screen.findByRole<HTMLOptionElement>("option", { name: "large (Starting)" });
  expect(option.disabled).toBe(true);
});

test("without a model an administrator is led to where one is added", async () => {
  server.serving.models = [];
  open();
  const link = await screen.findByRole("link", { name: "Add one" });
  expect(link.getAttribute("href")).toBe("/admin/models/new");
});

test("the command palette switches the model", async () => {
  server.serving.addModel("large");
  server.serving.addModel("asleep", { status: "Stopped" });
  const user = open();
  await screen.findByRole("option", { name: "large" });
  await user.keyboard("{Control>}k{/Control}");
  await user.type(await screen.findByRole("combobox", { name: "Command or session" }), "switch");
  const offered = screen.getAllByRole("option", { name: /^Switch to the model/ });
  expect(offered.map((one) => one.textContent)).toEqual(["Switch to the model large"]);
  await user.keyboard("{Enter}");
  const picker = screen.getByRole<HTMLSelectElement>("combobox", { name: "Model" });
  await waitFor(() => expect(picker.value).toBe("large"));
});

test("what is sent before the models are known is asked as soon as they are", async () => {
  const answered = server.fetch;
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  server.fetch = async (input, init) => {
    const { pathname } = new URL(new Request(input, init).url);
    if (pathname.endsWith("/models")) await held;
    return answered(input, init);
  };
  const user = open();
  await user.type(await field(), "Hello{Enter}");
  expect((await field()).value).toBe("Hello");
  goOn();
  await screen.findByText("You said: Hello");
  expect((await field()).value).toBe("");
  expect(posts()).toHaveLength(1);
});
