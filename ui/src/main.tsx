/** Starts the UI: what the installation says first, then the pages. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApi } from "./api/client";
import { createQueries } from "./api/queries";
import { takeArrivalCode } from "./features/sign-in";
import { loadConfig } from "./lib/config";
import { text } from "./lib/strings";
import { applyTheme, rememberedTheme } from "./lib/theme";
import { App } from "./shell/App";
import { Failed } from "./ui/states";
import "./ui/tokens.css";

applyTheme(rememberedTheme());
takeArrivalCode();

const root = createRoot(document.getElementById("root") as HTMLElement);
loadConfig().then(
  (config) =>
    root.render(
      <StrictMode>
        <App config={config} api={createApi(config.apiBase)} queries={createQueries()} />
      </StrictMode>,
    ),
  (error) => root.render(<Failed title={text.unexpectedTitle} error={error} />),
);
