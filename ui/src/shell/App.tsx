/** Everything around the pages: what they share, who may see them, what catches their failures. */
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { type Api, ApiContext } from "../api/client";
import { ConfigContext, type UiConfig } from "../lib/config";
import { Notices } from "../ui/Notices";
import { ErrorBoundary } from "./ErrorBoundary";
import { createAppRouter } from "./router";
import { SignInGate } from "./SignInGate";

interface Props {
  config: UiConfig;
  api: Api;
  queries: QueryClient;
}

export function App({ config, api, queries }: Props) {
  const [router] = useState(() => createAppRouter(config.routing));
  return (
    <ConfigContext value={config}>
      <ErrorBoundary>
        <ApiContext value={api}>
          <QueryClientProvider client={queries}>
            <Notices>
              <SignInGate>
                <RouterProvider router={router} />
              </SignInGate>
            </Notices>
          </QueryClientProvider>
        </ApiContext>
      </ErrorBoundary>
    </ConfigContext>
  );
}
