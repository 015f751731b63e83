import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import * as files from "../../lib/save";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const asked = (path = "/usage") => server.sent.findLast((one) => one.path === path)?.query;
const hoursAsked = () => {
  const [from, to] = [asked()?.get("from"), asked()?.get("to")];
  return (Date.parse(String(to)) - Date.parse(String(from))) / 3_600_000;
};

test("where nothing was called the page leads to the playground", async () => {
  const user = renderApp(server, "/usage");
  await screen.findByRole("heading", { name: "Nothing was called" });
  await user.click(screen.getByRole("link", { name: "Open the playground" }));
  await screen.findByRole("heading", { name: "Playground" });
});

test("numbers, charts, a table, names and calls are shown", async () => {
  server.serving.addLine("small", { requests: 3, errors: 1, prompt_tokens: 40, cost: 0.5 });
  server.serving.total = {
    ...server.serving.total,
    requests: 3,
    errors: 1,
    total_ms: { mean: 500, p50: 400, p95: 1500 },
  };
  server.serving.addCall({ status: 502, ended: "failed", tries: 2 });
  const user = renderApp(server, "/usage");
  const totals = within(await screen.findByRole("region", { name: "In all" }));
  for (const word of ["3", "33.3% of the requests", "400 ms", "1.5 s"])
    expect(totals.getByText(word)).toBeTruthy();
  const charts = screen.getAllByRole("img").map((one) => one.getAttribute("aria-label"));
  expect(charts).toHaveLength(4);
  expect(charts[0]).toMatch(/^Requests, and errors among them\. The most is 3, at /);
  await user.click(screen.getByText("The same as a table"));
  expect(screen.getByRole("table", { name: "Over time" })).toBeTruthy();
  const names = within(await screen.findByRole("table", { name: "By model" }));
  expect(names.getByRole("row", { name: /small.*\$0\.50/ })).toBeTruthy();
  await screen.findByText("Status 502");
});

test("a chosen time is asked for in its own steps", async () => {
  server.serving.addLine("small");
  const user = renderApp(server, "/usage");
  await screen.findByRole("region", { name: "In all" });
  expect([asked()?.get("bucket"), hoursAsked()]).toEqual(["hour", 24]);
  await user.selectOptions(screen.getByLabelText("Time"), "month");
  await waitFor(() => expect([asked()?.get("bucket"), hoursAsked()]).toEqual(["day", 720]));
});

test("a name narrows everything to itself, and widens again", async () => {
  server.serving.addLine("small");
  const user = renderApp(server, "/usage");
  await user.click(await screen.findByRole("button", { name: "Show only small" }));
  const narrowed = await screen.findByRole("button", { name: "Not only small" });
  await waitFor(() => expect(asked("/usage/calls")?.get("model")).toBe("small"));
  await user.click(narrowed);
  await waitFor(() => expect(asked("/usage/calls")?.get("model")).toBe(""));
});

test("only administrators see people", async () => {
  server.me = { ...server.me, admin: false };
  server.serving.addLine("small");
  renderApp(server, "/usage");
  const choice = await screen.findByLabelText<HTMLSelectElement>("Summed up by");
  expect(Array.from(choice.options, (one) => one.text)).toEqual(["Model", "Token"]);
});

test("usage is told by token, and by calls without one", async () => {
  server.serving.addLine("");
  const user = renderApp(server, "/usage");
  await user.selectOptions(await screen.findByLabelText("Summed up by"), "token");
  await screen.findByRole("table", { name: "By token" });
  expect(screen.getByText("Without a token")).toBeTruthy();
  expect(asked()?.get("by")).toBe("token");
});

test("calls come page by page", async () => {
  server.serving.addLine("small");
  for (let n = 0; n < 60; n++) server.serving.addCall();
  const user = renderApp(server, "/usage");
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  const list = screen.getByRole("list", { name: "Calls" });
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(60));
});

test("what is shown is downloaded as CSV", async () => {
  const save = vi.spyOn(files, "saveFile").mockImplementation(() => {});
  server.serving.addCall();
  const user = renderApp(server, "/usage");
  await user.click(await screen.findByRole("button", { name: "Download as CSV" }));
  await screen.findByText("Saved usage.csv.");
  expect(await save.mock.calls[0]?.[1].text()).toBe("id\ncall_1");
  expect(asked("/usage/export")?.get("format")).toBe("csv");
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /usage", refusal(503, "The database is away."));
  const user = renderApp(server, "/usage");
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "Nothing was called" });
});
