/** The whole app at one address, over a server in memory. */
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { createApi } from "../api/client";
import { createQueries } from "../api/queries";
import { takeArrivalCode } from "../features/sign-in";
import { readConfig } from "../lib/config";
import { App } from "../shell/App";
import type { FakeServer } from "./fakeServer";

export function renderApp(server: FakeServer, address = "/", given: object = {}) {
  window.history.replaceState(null, "", address);
  takeArrivalCode();
  const config = readConfig(given);
  const api = createApi(config.apiBase, server.fetch as typeof fetch);
  render(
    <StrictMode>
      <App config={config} api={api} queries={createQueries(100)} />
    </StrictMode>,
  );
  return userEvent.setup();
}
