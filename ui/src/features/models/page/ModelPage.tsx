/** One model: how it is, what it runs on, what was done to it, its replicas, its hours. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { type Model, useLiveModel } from "../../../api/models";
import { isHosted } from "../../../lib/modelStatus";
import { Problem } from "../../../lib/problem";
import { pageText as words } from "../../../lib/words/modelPage";
import { modelText } from "../../../lib/words/models";
import { Badge } from "../../../ui/Badge";
import { Button, buttonClass } from "../../../ui/Button";
import { PageHeader } from "../../../ui/PageHeader";
import { PageTitle } from "../../../ui/PageTitle";
import { Segments } from "../../../ui/Segments";
import { Empty, Failed, Loading } from "../../../ui/states";
import { Reason, StatusBadge } from "../StatusBadge";
import { useRemoval } from "../useRemoval";
import { Overview } from "./Overview";
import { Replicas } from "./Replicas";
import { ScheduleView } from "./ScheduleView";
import { Timeline } from "./Timeline";
import { useStartStop } from "./useStartStop";

const VIEWS = (["timeline", "replicas", "schedule"] as const).map((value) => ({
  value,
  label: words.views[value],
}));
type View = (typeof VIEWS)[number]["value"];

export function ModelPage() {
  const { id } = useParams({ from: "/admin/models/$id" });
  return <Read key={id} id={id} />;
}

function Read({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useLiveModel(id);
  if (error instanceof Problem && error.status === 404)
    return <Gone id={id} wasThere={data !== undefined} />;
  if (data) return <Opened model={data} />;
  return (
    <>
      <PageHeader title={id} />
      {isPending ? (
        <Loading what={words.loading} />
      ) : (
        <Failed title={words.failed} error={error} onRetry={() => void refetch()} />
      )}
    </>
  );
}

function Gone({ id, wasThere }: { id: string; wasThere: boolean }) {
  const title = wasThere ? words.gone(id) : words.goneTitle;
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <Empty as="h1" title={title} body={wasThere ? words.removedBody : words.goneBody}>
        <Link to="/admin/models" className={buttonClass("primary")}>
          {modelText.all}
        </Link>
      </Empty>
      {wasThere && (
        <div className="mt-6">
          <Timeline id={id} />
        </div>
      )}
    </>
  );
}

function Opened({ model }: { model: Model }) {
  return (
    <>
      <PageHeader title={model.modelId} intro={model.modelDescription}>
        <Actions model={model} />
      </PageHeader>
      <div role="status" className="mb-4 flex flex-col gap-1.5">
        <div className="flex flex-wrap gap-2">
          <StatusBadge model={model} />
          <Badge>{modelText.types[model.modelType] ?? model.modelType}</Badge>
        </div>
        <Reason model={model} />
      </div>
      <Overview model={model} />
      {isHosted(model) && <Views model={model} />}
    </>
  );
}

function Actions({ model }: { model: Model }) {
  const trigger = useRef<HTMLButtonElement>(null);
  const { ask, question } = useRemoval();
  if (model.builtIn) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {isHosted(model) && <StartStop model={model} />}
      <Link to="/admin/models/edit" search={{ id: model.modelId }} className={buttonClass()}>
        {words.edit}
      </Link>
      <Button
        ref={trigger}
        disabled={model.status === "Deleting"}
        onClick={() => ask(model, trigger)}
      >
        {words.remove}
      </Button>
      {question}
    </div>
  );
}

function StartStop({ model }: { model: Model }) {
  return useStartStop(model).map(({ label, onSelect }) => (
    <Button key={label} look={label === words.start ? "primary" : "plain"} onClick={onSelect}>
      {label}
    </Button>
  ));
}

function Views({ model }: { model: Model }) {
  const { view = "timeline" } = useSearch({ from: "/admin/models/$id" });
  const navigate = useNavigate();
  const turn = (to: View) =>
    void navigate({
      to: "/admin/models/$id",
      params: { id: model.modelId },
      search: { view: to },
      replace: true,
    });
  return (
    <div className="mt-6">
      <Segments label={words.views.label} value={view} options={VIEWS} onChange={turn} />
      {view === "timeline" && <Timeline id={model.modelId} />}
      {view === "replicas" && <Replicas model={model} />}
      {view === "schedule" && <ScheduleView model={model} />}
    </div>
  );
}
