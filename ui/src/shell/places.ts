/** Where one can go; what a role can't do, or what is switched off, isn't here. */
import type { LinkProps } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import { useSwitches } from "../api/configuration";
import { type Me, useMe } from "../api/identity";
import { type UiConfig, useConfig } from "../lib/config";
import { text } from "../lib/strings";
import type { Icon } from "../ui/icons";

const words = text.navigation;

export interface Place {
  to: LinkProps["to"];
  name: string;
  icon: ComponentProps<typeof Icon>["name"];
}

export function usePlaces(): { own: Place[]; administration: Place[] } {
  const config = useConfig();
  const { data: me } = useMe(true);
  const isOn = useSwitches();
  if (!me) return { own: [], administration: [] };
  return { own: ownPlaces(me, isOn), administration: me.admin ? administrationOf(config) : [] };
}

function ownPlaces(me: Me, isOn: (name: string) => boolean): Place[] {
  const places: (Place | false)[] = [
    { to: "/", name: words.home, icon: "home" },
    { to: "/sessions", name: words.sessions, icon: "chat" },
    isOn("showPromptTemplateLibrary") && { to: "/prompts", name: words.prompts, icon: "book" },
    isOn("mcpConnections") && { to: "/tools", name: words.tools, icon: "tool" },
    isOn("showRagLibrary") && { to: "/knowledge", name: words.knowledge, icon: "knowledge" },
    isOn("modelLibrary") && { to: "/library/models", name: words.library, icon: "model" },
    { to: "/playground", name: words.playground, icon: "play" },
    { to: "/usage", name: words.usage, icon: "chart" },
    me.may_make_tokens && { to: "/tokens", name: words.tokens, icon: "key" },
  ];
  return places.filter((place) => place !== false);
}

function administrationOf(config: UiConfig): Place[] {
  const places: (Place | false)[] = [
    { to: "/admin/models", name: words.models, icon: "model" },
    { to: "/admin/schedules", name: words.schedules, icon: "clock" },
    { to: "/admin/tokens", name: words.allTokens, icon: "key" },
    config.users && { to: "/admin/users", name: words.users, icon: "people" },
    { to: "/admin/configuration", name: words.configuration, icon: "switches" },
    { to: "/admin/audit", name: words.audit, icon: "record" },
  ];
  return places.filter((place) => place !== false);
}
