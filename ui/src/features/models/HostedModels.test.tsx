import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { HOSTING } from "../../testing/fakeHosting";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const EDIT = "/admin/models/edit?id=big";
const REPLICA = { id: "r1", address: "http://127.0.0.1:9/v1", healthy: true, since: null };
const sent = (method: string) => server.sent.findLast((one) => one.method === method)?.body;
const actions = async (user: ReturnType<typeof renderApp>, id: string) => {
  await user.click(await screen.findByRole("button", { name: `Actions for ${id}` }));
  const offered = await screen.findAllByRole("menuitem");
  return offered.map((one) => one.textContent);
};

test("a hosted model is listed with why it is so, and with its replicas", async () => {
  server.serving.hosting.addModel("big", { status: "Failed", reason: "no GPU is left" });
  server.serving.hosting.replicas = [{ ...REPLICA, error: "" }];
  renderApp(server, "/admin/models");
  await screen.findByText("1 of 1 well");
  expect(screen.getByText("No GPU is left.")).toBeTruthy();
  expect(screen.getByText("Failed")).toBeTruthy();
});

test.each([
  ["Stopped", ["Open", "Start", "Edit", "Schedule…", "Delete…"]],
  ["Failed", ["Open", "Start", "Edit", "Schedule…", "Delete…"]],
  ["InService", ["Open", "Stop", "Test connection", "Edit", "Schedule…", "Delete…"]],
  ["Starting", ["Open", "Edit", "Schedule…", "Delete…"]],
  ["Deleting", ["Open"]],
] as const)("what can be done with one that is %s", async (status, expected) => {
  server.serving.hosting.addModel("big", { status });
  const user = renderApp(server, "/admin/models");
  expect(await actions(user, "big")).toEqual(expected);
});

test("one is started from the list, which then follows it", async () => {
  server.serving.hosting.addModel("big", { status: "Stopped" });
  const user = renderApp(server, "/admin/models");
  await actions(user, "big");
  await user.click(screen.getByRole("menuitem", { name: "Start" }));
  await screen.findByText("“big” is starting.");
  await screen.findByText("Starting");
  expect(sent("PUT")).toEqual({ enabled: true, version: 1 });
  server.serving.change("big", { status: "InService" });
  await screen.findByText("In service");
});

test("a start that is refused says why", async () => {
  server.serving.hosting.addModel("big", { status: "Stopped" });
  server.broken.set("PUT /models/big", refusal(409, "it is being changed"));
  const user = renderApp(server, "/admin/models");
  await actions(user, "big");
  await user.click(screen.getByRole("menuitem", { name: "Start" }));
  await screen.findByText("Nothing was changed. It is being changed.");
});

test("before one is deleted it is said what goes with it", async () => {
  server.serving.hosting.addModel("big");
  server.serving.hosting.things = ["the stack lisa-big", "2 log files"];
  const user = renderApp(server, "/admin/models");
  await actions(user, "big");
  await user.click(screen.getByRole("menuitem", { name: "Delete…" }));
  const question = await screen.findByRole("alertdialog");
  await within(question).findByText("the stack lisa-big");
  expect(within(question).getByText("2 log files")).toBeTruthy();
  await user.click(within(question).getByRole("button", { name: "Delete" }));
  await screen.findByText("Being removed");
});

test("editing one sends only the parts of its set-up that were changed", async () => {
  server.serving.hosting.addModel("big");
  const user = renderApp(server, EDIT);
  const length = await screen.findByLabelText<HTMLInputElement>("max_model_len");
  expect(length.value).toBe("4096");
  expect(screen.queryByText("Where it answers")).toBeNull();
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Save" });
  expect(save.disabled).toBe(true);
  await user.clear(length);
  await user.type(length, "8192");
  await user.clear(screen.getByLabelText(/^Stop it after so many minutes/));
  await user.click(save);
  await screen.findByText("Changed “big”.");
  expect(sent("PUT")).toEqual({
    hosting: { options: { max_model_len: 8192 }, idleSeconds: null },
    version: 1,
  });
});

test("other numbers of replicas are planned by the clock, and taken back", async () => {
  const { hosting } = server.serving;
  const plan = { at: "20:00", days: ["saturday", "sunday"], timezone: "UTC" } as const;
  const planned = [{ ...plan, days: [...plan.days], minimum: 0, maximum: 1 }];
  hosting.addModel("big", {
    hosting: { ...HOSTING, scaling: { ...HOSTING.scaling, planned } },
  });
  const user = renderApp(server, EDIT);
  await user.click(await screen.findByRole("button", { name: "Remove change 1" }));
  const add = screen.getByRole("button", { name: "Plan other numbers" });
  expect(document.activeElement).toBe(add);
  await user.keyboard("{Enter}");
  expect(document.activeElement).toBe(screen.getByLabelText("Time of change 1"));
  fireEvent.change(screen.getByLabelText("Time of change 1"), { target: { value: "07:30" } });
  await user.clear(screen.getByLabelText("Time zone of change 1"));
  await user.type(screen.getByLabelText("Time zone of change 1"), "Europe/Berlin");
  await user.clear(screen.getByLabelText("At most, from change 1 on"));
  await user.type(screen.getByLabelText("At most, from change 1 on"), "0");
  await screen.findByText(/is more than “At most” in a planned change/);
  await user.type(screen.getByLabelText("At most, from change 1 on"), "{Backspace}8");
  const days = within(screen.getByRole("group", { name: "Days of change 1" }));
  for (const day of ["Saturday", "Sunday"]) await user.click(days.getByLabelText(day));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Changed “big”.");
  const wanted = {
    at: "07:30",
    days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
    timezone: "Europe/Berlin",
    minimum: 1,
    maximum: 8,
  };
  expect(sent("PUT")?.hosting).toEqual({ scaling: { ...HOSTING.scaling, planned: [wanted] } });
  await screen.findByText("1 to 8 from 07:30, Monday to Friday (Europe/Berlin)");
});

test("leaving what was changed asks first", async () => {
  server.serving.hosting.addModel("big");
  const user = renderApp(server, EDIT);
  await user.type(await screen.findByLabelText("Description"), "New");
  await user.click(screen.getByRole("link", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "Leave" }));
  await screen.findByRole("heading", { name: "Models", level: 1 });
});

test("what can't be read is said, and isn't sent", async () => {
  server.serving.hosting.addModel("big");
  const user = renderApp(server, EDIT);
  await user.type(await screen.findByLabelText(/^Variables of its/), "{Enter}NO VALUE");
  await screen.findByText(/“NO VALUE” is no variable/);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
});

test("what can't be run is no reason not to see the list", async () => {
  server.serving.hosting.addModel("big");
  server.broken.set("GET /models/big/replicas", refusal(503, "Not now."));
  renderApp(server, "/admin/models");
  await screen.findByRole("heading", { name: "big" });
  await waitFor(() => expect(screen.getByText("…")).toBeTruthy());
});
