/** The part of a model's form that says what it runs on; nothing for models that run elsewhere. */
import { type ReactNode, useState } from "react";
import type { Engine, Hosting } from "../../../api/hostedTypes";
import { useEngines } from "../../../api/hosting";
import type { Model, ModelChange } from "../../../api/models";
import { asProblem, type Problem } from "../../../lib/problem";
import { hostingText as words } from "../../../lib/words/hosting";
import { pageText } from "../../../lib/words/modelPage";
import { Failed, Loading } from "../../../ui/states";
import { EngineFields } from "./EngineFields";
import { HardwareFields } from "./HardwareFields";
import { type HostingFields, hostingChanges, hostingFields, hostingOf } from "./hostingFields";
import { optionFields } from "./options";
import { WeightsFields } from "./SourceFields";

interface Change {
  change: ModelChange;
  /** Why what was typed can't be sent. */
  problem: Problem | null;
}

interface HostingEdit extends Change {
  section: ReactNode;
  discard: (newest: Model) => void;
}

export function useHostingEdit({ hosting }: Model): HostingEdit {
  const [fields, setFields] = useState(() => hosting && hostingFields(hosting));
  const { data, error, refetch } = useEngines(hosting !== null);
  const discard = (newest: Model) => setFields(newest.hosting && hostingFields(newest.hosting));
  if (!hosting || !fields) return { section: null, change: {}, problem: null, discard };
  if (!data) {
    const section = error ? (
      <Failed title={words.failed} error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading what={words.loading} />
    );
    return { section, change: {}, problem: null, discard };
  }
  const change = (some: Partial<HostingFields>) => setFields({ ...fields, ...some });
  return {
    section: <Section fields={fields} engines={data.engines} onChange={change} />,
    ...changeOf(hosting, fields, data.engines),
    discard,
  };
}

interface Props {
  fields: HostingFields;
  engines: Engine[];
  onChange: (some: Partial<HostingFields>) => void;
}

function Section(props: Props) {
  return (
    <section aria-label={pageText.facts.setUp} className="flex flex-col gap-4">
      <h2 className="font-semibold">{pageText.facts.setUp}</h2>
      <WeightsFields {...props} />
      <EngineFields {...props} />
      <HardwareFields {...props} />
    </section>
  );
}

/** Both sides are read from fields, so that only what somebody typed makes a difference. */
function changeOf(hosting: Hosting, fields: HostingFields, engines: Engine[]): Change {
  const read = (from: HostingFields) => {
    const engine = engines.find(({ name }) => name === from.engine);
    return hostingOf(from, engine ? optionFields(engine) : [], hosting.health);
  };
  try {
    const changed = hostingChanges(read(hostingFields(hosting)), read(fields));
    const isChanged = Object.keys(changed).length > 0;
    return { change: isChanged ? { hosting: changed } : {}, problem: null };
  } catch (error) {
    return { change: {}, problem: asProblem(error) };
  }
}
