import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const PAGE = "/admin/models/meta%2Fbig";
const sent = (method: string) => server.sent.findLast((one) => one.method === method);
const lines = () =>
  within(screen.getByRole("list", { name: "Timeline" }))
    .getAllByRole("listitem")
    .map((one) => one.textContent);

test("a model whose id has a slash has a page: what it runs on, who may use it", async () => {
  server.serving.hosting.addModel("meta/big", { allowedGroups: ["team"], contextWindow: 4096 });
  renderApp(server, PAGE);
  await screen.findByText("acme/small-7b @ main");
  expect(screen.getByRole("heading", { name: "meta/big", level: 1 })).toBeTruthy();
  for (const word of ["This machine", "max_model_len: 4096", "team"])
    expect(screen.getByText(word)).toBeTruthy();
  expect(screen.getByText("HF_TOKEN")).toBeTruthy();
  expect(screen.queryByText(/secret:hub/)).toBeNull();
});

test("the timeline goes on by itself, the newest at the bottom, and the status with it", async () => {
  const { hosting } = server.serving;
  hosting.addModel("meta/big", { status: "Creating" });
  hosting.happen("check", { words: "the weights are there" });
  renderApp(server, PAGE);
  await screen.findByText("The weights are there.");
  await waitFor(() => expect(sent("GET")?.query.get("wait")).toBe("20"));
  server.serving.change("meta/big", { status: "Failed", reason: "it ran out of memory" });
  act(() =>
    hosting.happen("start", {
      phase: "failed",
      words: "the engine ended",
      cause: "out of memory",
      nextStep: "take a smaller model",
    }),
  );
  await screen.findByText("The engine ended.");
  expect(lines()[1]).toContain("Create: start failed");
  expect(lines()[1]).toContain("Cause: Out of memory.");
  expect(lines()[1]).toContain("What to do: Take a smaller model.");
  await screen.findByText("It ran out of memory.");
});

test("a timeline without anything says so, and one that fails is tried again", async () => {
  server.serving.hosting.addModel("meta/big");
  server.broken.set("GET /models/meta%2Fbig/events", refusal(503, "Not now."));
  renderApp(server, PAGE);
  await screen.findByText("Not now.");
  server.broken.clear();
  await screen.findByText("Nothing has been done to this model yet.");
});

test("replicas are shown one by one, and their number is changed", async () => {
  server.serving.hosting.addModel("meta/big");
  server.serving.hosting.replicas = [
    { id: "r1", address: "http://127.0.0.1:9001/v1", healthy: true, since: null, error: "" },
    { id: "r2", address: "", healthy: false, since: null, error: "It ended with 1." },
  ];
  const user = renderApp(server, `${PAGE}?view=replicas`);
  const list = within(await screen.findByRole("list", { name: "Replicas" }));
  expect(list.getByText("Well")).toBeTruthy();
  expect(list.getByText("Not well")).toBeTruthy();
  expect(list.getByText("It ended with 1.")).toBeTruthy();

  const most = screen.getByLabelText("At most");
  await user.clear(most);
  await user.type(most, "3");
  const wanted = screen.getByLabelText("Wanted now");
  await user.clear(wanted);
  await user.type(wanted, "4");
  await user.click(screen.getByRole("button", { name: "Change" }));
  expect((await screen.findByRole("alert")).textContent).toContain("has to lie between");
  await user.clear(wanted);
  await user.type(wanted, "3");
  await user.click(screen.getByRole("button", { name: "Change" }));
  await screen.findByText("The number of replicas is being changed.");
  expect(sent("PUT")?.body).toEqual({
    autoScalingInstanceConfig: { minCapacity: 1, desiredCapacity: 3, maxCapacity: 3 },
    version: 1,
  });
});

test("a replica's log is shown from its last lines on, followed, and read back", async () => {
  server.serving.hosting.addModel("meta/big");
  server.serving.hosting.replicas = [
    { id: "r1", address: "", healthy: true, since: null, error: "" },
  ];
  server.serving.hosting.lines = Array.from({ length: 1_100 }, (_, n) => `line ${n}`);
  const user = renderApp(server, `${PAGE}?view=replicas`);
  await user.click(await screen.findByRole("button", { name: "Log of r1" }));
  await screen.findByText("The last 500 lines");
  server.serving.hosting.lines.push("and one more");
  await screen.findByText("The last 501 lines", {}, { timeout: 5_000 });
  const log = screen.getByRole("region", { name: "Log of r1" });
  expect(log.textContent).toMatch(/^line 600\n.*\nand one more$/s);

  const earlier = screen.getByRole("button", { name: "Earlier lines" });
  await user.click(earlier);
  await screen.findByText("The last 1,001 lines");
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Follow" }).checked).toBe(false);
  expect(document.activeElement).toBe(earlier);
  await user.click(earlier);
  await screen.findByText("1,101 lines");
  expect(log.textContent).toMatch(/^line 0\nline 1\n/);
  expect(screen.queryByRole("button", { name: "Earlier lines" })).toBeNull();
  expect(document.activeElement).toBe(log);
});

test("a schedule is made, and removed after a question", async () => {
  server.serving.hosting.addModel("meta/big");
  const user = renderApp(server, `${PAGE}?view=schedule`);
  await user.click(await screen.findByRole("button", { name: "Add a schedule" }));
  const zone = await screen.findByLabelText("Time zone");
  await user.clear(zone);
  await user.type(zone, "Europe/Berlin");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("08:00 to 18:00");
  expect(sent("PUT")?.body).toEqual({
    scheduleType: "RECURRING",
    timezone: "Europe/Berlin",
    recurringSchedule: { startTime: "08:00", stopTime: "18:00" },
  });
  await user.click(screen.getByRole("button", { name: "Remove schedule" }));
  const question = await screen.findByRole("alertdialog");
  await user.click(within(question).getByRole("button", { name: "Remove" }));
  await screen.findByRole("button", { name: "Add a schedule" });
});

test("one that is deleted says so when it is gone", async () => {
  server.serving.hosting.addModel("meta/big");
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("button", { name: "Delete…" }));
  const question = await screen.findByRole("alertdialog");
  await within(question).findByText("There is nothing of it but its record.");
  await user.click(within(question).getByRole("button", { name: "Delete" }));
  await screen.findByText("Being removed");
  server.serving.models = [];
  await screen.findByRole("heading", { name: "“meta/big” is gone." });
});

test("a model that runs elsewhere has a page without replicas or hours", async () => {
  server.serving.addModel("meta/big");
  renderApp(server, PAGE);
  await screen.findByText("there/v1");
  expect(screen.queryByText("Timeline")).toBeNull();
  expect(screen.getByRole("link", { name: "Edit" })).toBeTruthy();
});

test("a model that isn't there says so, and a failure can be tried again", async () => {
  server.broken.set("GET /models/meta%2Fbig", refusal(403, "Not for you."));
  const user = renderApp(server, PAGE);
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "Model not found" });
});
