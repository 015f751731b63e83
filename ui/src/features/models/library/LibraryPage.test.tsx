import { screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.me = { ...server.me, admin: false };
});

test("everybody sees what they may use: its state, window and gifts, and what sleeps", async () => {
  server.serving.addModel("small", {
    contextWindow: 8_000,
    features: [{ name: "toolCalls" }, { name: "dimension", overview: "384" }],
  });
  server.serving.hosting.addModel("big", { status: "Stopped", hosting: null });
  server.serving.hosting.addModel("bad", { status: "Failed", reason: "it broke", hosting: null });
  const user = renderApp(server);
  await user.click(await screen.findByRole("link", { name: "Model library" }));
  await screen.findByText("8,000 tokens");
  for (const word of ["uses tools, dimension: 384", "It broke.", "Stopped", "In service"])
    expect(screen.getByText(word)).toBeTruthy();
  expect(screen.getAllByText(/Starts on the first message/)).toHaveLength(1);
});

test("without a model it is said whom to ask", async () => {
  renderApp(server, "/library/models");
  await screen.findByRole("heading", { name: "No model yet" });
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /models", refusal(403, "Not for you."));
  const user = renderApp(server, "/library/models");
  await screen.findByText("Not for you.");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "No model yet" });
});
