import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });

test("a question that meets a lost sign-in leads to the way in at once, and its words are kept", async () => {
  const server = new FakeServer();
  server.serving.addModel("small");
  server.addSession("a");
  const user = renderApp(server, "/sessions/a");
  await screen.findByRole("option", { name: "small" });
  server.broken.set("POST /v1/responses", refusal(401, "Nobody is signed in."));
  const seen: string[] = [];
  const watcher = new MutationObserver(() => seen.push(document.body.textContent ?? ""));
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  const before = server.sent.length;
  await user.type(await field(), "Hello{Enter}");
  await screen.findByText(/You were signed out/);
  watcher.disconnect();
  expect(seen.filter((shown) => shown.includes("wasn't answered"))).toEqual([]);
  expect(server.sent.slice(before).map(({ path }) => path)).not.toContain("/me");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "I am signed in already" }));
  expect((await field()).value).toBe("Hello");
});
