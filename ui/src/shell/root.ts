/** What all addresses stand below. */
import { createRootRoute } from "@tanstack/react-router";
import { Layout } from "./Layout";

export const root = createRootRoute({ component: Layout });
