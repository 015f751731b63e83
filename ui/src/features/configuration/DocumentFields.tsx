/** The whole document as fields. */
import type { ReactNode } from "react";
import { type Document, valueAt } from "../../lib/diff";
import { configurationText as words } from "../../lib/words/configuration";
import { AreaField, CheckField, TextField } from "../../ui/fields";

const SWITCHES = "enabledComponents";

export interface FieldsProps {
  document: Document;
  onChange: (path: string[], value: unknown) => void;
}

export function DocumentFields(props: FieldsProps) {
  return (
    <div className="flex flex-col gap-6">
      <Switches {...props} />
      <Limits {...props} />
      <BannerFields {...props} />
      <AnnouncementFields {...props} />
    </div>
  );
}

interface SectionProps {
  title: string;
  hint?: string;
  children: ReactNode;
}

function Section({ title, hint, children }: SectionProps) {
  return (
    <section className="rounded-xl border bg-card p-4">
      <h2 className="font-semibold">{title}</h2>
      {hint && <p className="text-xs text-muted-foreground">{hint}</p>}
      <div className="mt-4 grid grid-cols-1 gap-4 sm:grid-cols-2">{children}</div>
    </section>
  );
}

/** A switch that this page has no words for, of a newer server, is shown by its name. */
function Switches({ document, onChange }: FieldsProps) {
  const switches = (valueAt(document, [SWITCHES]) ?? {}) as Record<string, boolean>;
  const known = new Set(words.groups.flatMap((group) => group.names));
  const others = Object.keys(switches).filter((name) => !known.has(name));
  const groups = [...words.groups, { title: words.others, names: others }];
  return groups.map(({ title, names }) => {
    const shown = names.filter((name) => name in switches);
    if (shown.length === 0) return null;
    return (
      <Section key={title} title={title}>
        {shown.map((name) => (
          <CheckField
            key={name}
            label={words.switches[name]?.label ?? name}
            hint={words.switches[name]?.hint}
            checked={switches[name] === true}
            onChange={(isOn) => onChange([SWITCHES, name], isOn)}
          />
        ))}
      </Section>
    );
  });
}

const typed = (document: Document, ...path: string[]) => String(valueAt(document, path) ?? "");

function Limits({ document, onChange }: FieldsProps) {
  return (
    <Section title={words.limits}>
      <TextField
        type="number"
        label={words.maxProjects}
        hint={words.maxProjectsHint}
        min={0}
        max={10_000}
        step={1}
        required
        value={typed(document, "maxProjectsPerUser")}
        onChange={(value) => onChange(["maxProjectsPerUser"], value === "" ? "" : Number(value))}
      />
      <TextField
        label={words.defaultModel}
        hint={words.defaultModelHint}
        maxLength={200}
        value={typed(document, "global", "defaultModel")}
        onChange={(value) => onChange(["global", "defaultModel"], value || null)}
      />
    </Section>
  );
}

function BannerFields({ document, onChange }: FieldsProps) {
  const at = (name: string) => ["systemBanner", name];
  const text = (name: string, label: string, hint?: string, maxLength = 31) => (
    <TextField
      label={label}
      hint={hint}
      maxLength={maxLength}
      value={typed(document, ...at(name))}
      onChange={(value) => onChange(at(name), value)}
    />
  );
  return (
    <Section title={words.banner} hint={words.bannerHint}>
      <CheckField
        label={words.bannerOn}
        checked={valueAt(document, at("isEnabled")) === true}
        onChange={(isOn) => onChange(at("isEnabled"), isOn)}
      />
      {text("text", words.bannerText, undefined, 1000)}
      {text("textColor", words.textColor, words.colourHint)}
      {text("backgroundColor", words.backgroundColor, words.colourHint)}
    </Section>
  );
}

function AnnouncementFields({ document, onChange }: FieldsProps) {
  const at = (name: string) => ["announcement", name];
  return (
    <Section title={words.announcement} hint={words.announcementHint}>
      <CheckField
        label={words.announcementOn}
        checked={valueAt(document, at("isEnabled")) === true}
        onChange={(isOn) => onChange(at("isEnabled"), isOn)}
      />
      <AreaField
        label={words.message}
        maxLength={10_000}
        value={typed(document, ...at("message"))}
        onChange={(value) => onChange(at("message"), value)}
      />
    </Section>
  );
}
