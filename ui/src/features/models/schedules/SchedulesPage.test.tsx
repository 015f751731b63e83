import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { Scheduled } from "../../../api/hostedTypes";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const PAGE = "/admin/schedules";

function schedule(modelId: string, given: Partial<Scheduled> = {}): void {
  server.serving.hosting.addModel(modelId);
  server.serving.hosting.schedules.push({
    modelId,
    status: "InService",
    scheduling: {
      scheduleType: "DAILY",
      timezone: "Europe/Berlin",
      dailySchedule: { monday: { startTime: "07:00", stopTime: "19:00" } },
    },
    nextScheduledAction: { action: "STOP", scheduledTime: "2026-01-05T18:00:00Z" },
    lastDone: "2026-01-05T06:00:00Z",
    error: "",
    ...given,
  });
}

test("every scheduled model is listed with its hours, what comes next and what went wrong", async () => {
  schedule("meta/big", { error: "no GPU was left" });
  renderApp(server, PAGE);
  const row = within(await screen.findByRole("list", { name: "Scheduled models" }));
  for (const word of ["Monday", "07:00 to 19:00", "Europe/Berlin", "Error: No GPU was left."])
    expect(row.getByText(word)).toBeTruthy();
  expect(row.getByText(/^stops/)).toBeTruthy();
  expect(row.getByRole("link", { name: "meta/big" }).getAttribute("href")).toBe(
    "/admin/models/meta%2Fbig?view=schedule",
  );
});

test("the hours of a day are changed, and a day is added", async () => {
  schedule("big");
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("button", { name: "Actions for big" }));
  await user.click(await screen.findByRole("menuitem", { name: "Edit schedule" }));
  const start = await screen.findByLabelText<HTMLInputElement>("Start on Monday");
  await user.clear(start);
  await user.type(start, "06:30");
  await user.click(screen.getByLabelText("Sunday"));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("The schedule of “big” is kept.");
  expect(server.sent.findLast(({ method }) => method === "PUT")?.body).toEqual({
    scheduleType: "DAILY",
    timezone: "Europe/Berlin",
    dailySchedule: {
      monday: { startTime: "06:30", stopTime: "19:00" },
      sunday: { startTime: "08:00", stopTime: "18:00" },
    },
  });
});

test("a schedule that isn't taken says why, and stays to be corrected", async () => {
  schedule("big");
  server.broken.set("PUT /models/big/schedule", refusal(422, "it is no time zone"));
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("button", { name: "Actions for big" }));
  await user.click(await screen.findByRole("menuitem", { name: "Edit schedule" }));
  await user.click(await screen.findByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toContain("It is no time zone.");
});

test("a schedule is removed after a question", async () => {
  schedule("big");
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("button", { name: "Actions for big" }));
  await user.click(await screen.findByRole("menuitem", { name: "Remove schedule" }));
  const question = await screen.findByRole("alertdialog");
  await user.click(within(question).getByRole("button", { name: "Remove" }));
  await screen.findByRole("heading", { name: "No model has a schedule" });
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /models/metadata/schedules", refusal(403, "Not for you."));
  const user = renderApp(server, PAGE);
  await screen.findByText("Not for you.");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "No model has a schedule" });
});
