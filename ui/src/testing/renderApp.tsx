/** The whole app at one address, over a server in memory. */
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { createApi } from "../api/client";
import { createQueries } from "../api/queries";
import type { SignIn } from "../api/sign-in";
import { takeArrival } from "../features/sign-in";
import { readConfig } from "../lib/config";
import { App } from "../shell/App";
import type { FakeServer } from "./fakeServer";

export function renderApp(
  server: FakeServer,
  address = "/",
  given: object = {},
  signIn: SignIn | null = null,
) {
  window.history.replaceState(null, "", address);
  takeArrival();
  const config = readConfig(given);
  const send = server.fetch as typeof fetch;
  const put = server.shelf.putFile;
  const api = createApi(config.apiBase, send, signIn, config.gateway, put);
  render(
    <StrictMode>
      <App config={config} api={api} queries={createQueries(100)} />
    </StrictMode>,
  );
  // A list that has just been scrolled takes no clicks for a moment; here it scrolls by itself.
  return userEvent.setup({ pointerEventsCheck: 0 });
}
