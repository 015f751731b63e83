/** Starts the UI: what the installation says first, then the pages. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApi } from "./api/client";
import { createQueries } from "./api/queries";
import { SignIn } from "./api/sign-in";
import { takeArrival } from "./features/sign-in";
import { applyAccent } from "./lib/accent";
import { loadConfig, type UiConfig } from "./lib/config";
import { text } from "./lib/strings";
import { applyTheme, rememberedTheme } from "./lib/theme";
import { App } from "./shell/App";
import { Failed } from "./ui/states";
import "./ui/tokens.css";

applyTheme(rememberedTheme());
takeArrival();

const root = createRoot(document.getElementById("root") as HTMLElement);
loadConfig().then(show, (error) =>
  root.render(<Failed title={text.unexpectedTitle} error={error} />),
);

function show(config: UiConfig): void {
  applyAccent(config.branding.accent);
  const signIn = config.signIn && new SignIn(config.signIn, config.routing);
  root.render(
    <StrictMode>
      <App
        config={config}
        api={createApi(config.apiBase, undefined, signIn, config.gateway)}
        queries={createQueries()}
      />
    </StrictMode>,
  );
}
