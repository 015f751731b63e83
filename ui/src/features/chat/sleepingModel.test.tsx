import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeServer } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.addSession("a");
});
afterEach(() => {
  vi.useRealTimers();
});

const LATER_MS = 10_001;

test("a model that sleeps can be chosen, and one that failed can't", async () => {
  server.serving.hosting.addModel("big", { status: "Stopped" });
  server.serving.hosting.addModel("begun", { status: "Starting" });
  server.serving.hosting.addModel("bad", { status: "Failed" });
  renderApp(server, "/sessions/a");
  const asleep = await screen.findByRole<HTMLOptionElement>("option", { name: "big (sleeps)" });
  expect(asleep.disabled).toBe(false);
  expect(asleep.selected).toBe(true);
  const begun = screen.getByRole<HTMLOptionElement>("option", { name: "begun (is starting)" });
  expect(begun.disabled).toBe(false);
  const bad = screen.getByRole<HTMLOptionElement>("option", { name: "bad (Failed)" });
  expect(bad.disabled).toBe(true);
});

test("a session begins with a model that is awake, where there is one", async () => {
  server.serving.hosting.addModel("big", { status: "Stopped" });
  server.serving.addModel("small");
  renderApp(server, "/sessions/a");
  const awake = await screen.findByRole<HTMLOptionElement>("option", { name: "small" });
  expect(awake.selected).toBe(true);
});

test("whoever waits for a while is told that the model is starting", async () => {
  server.serving.hosting.addModel("big", { status: "Starting" });
  server.chat.answer = () => {};
  const user = renderApp(server, "/sessions/a");
  await screen.findByRole("option", { name: /big/ });
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await user.type(await screen.findByRole("textbox", { name: "Message" }), "Hello{Enter}");
  await waitFor(() => expect(server.chat.turns).toHaveLength(1));
  await screen.findByText("Waiting for the first word…");
  await act(() => vi.advanceTimersByTimeAsync(LATER_MS));
  await screen.findByText(/The model big is starting/);
  act(() => void server.chat.last.say("Here I am").end());
  await screen.findByText("Here I am");
  expect(screen.queryByText(/is starting\./)).toBeNull();
});
