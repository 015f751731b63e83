/** The other pages, for those who may use them and where they are switched on. */
import { Link, type LinkProps } from "@tanstack/react-router";
import { useSwitches } from "../../api/configuration";
import type { Me } from "../../api/identity";
import { homeText } from "../../lib/words/home";

interface Target {
  to: LinkProps["to"];
  name: string;
  about: string;
}

export function Links({ me }: { me: Me }) {
  const targets = targetsOf(me, useSwitches());
  return (
    <section aria-labelledby="links">
      <h2 id="links" className="mb-2 font-semibold">
        {homeText.next}
      </h2>
      <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        {targets.map(({ to, name, about }) => (
          <li key={name}>
            <Link to={to} className="block h-full rounded-xl border bg-card p-4 hover:bg-muted/50">
              <span className="block text-sm font-medium">{name}</span>
              <span className="mt-0.5 block text-sm text-muted-foreground">{about}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function targetsOf(me: Me, isOn: (name: string) => boolean): Target[] {
  const { links } = homeText;
  const targets: (Target | false)[] = [
    isOn("showPromptTemplateLibrary") && { to: "/prompts", ...links.prompts },
    isOn("mcpConnections") && { to: "/tools", ...links.tools },
    me.may_make_tokens && { to: "/tokens", ...links.tokens },
    { to: "/playground", ...links.playground },
    { to: "/usage", ...links.usage },
    me.admin && { to: "/admin/models", ...links.models },
    me.admin && { to: "/admin/configuration", ...links.configuration },
  ];
  return targets.filter((target) => target !== false);
}
