/** The models somebody may use, for those who choose one. */
import { type Model, useModels } from "../../../api/models";
import { sleeps } from "../../../lib/modelStatus";
import { libraryText as words } from "../../../lib/words/library";
import { modelText } from "../../../lib/words/models";
import { Badge } from "../../../ui/Badge";
import { Facts } from "../../../ui/Facts";
import { PagedList } from "../../../ui/PagedList";
import { PageHeader } from "../../../ui/PageHeader";
import { Empty } from "../../../ui/states";
import { Reason, StatusBadge } from "../StatusBadge";

export function LibraryPage() {
  return (
    <>
      <PageHeader title={words.title} intro={words.intro} />
      <PagedList
        list={useModels()}
        label={words.label}
        words={words}
        empty={<Empty title={words.emptyTitle} body={words.emptyBody} />}
        keyOf={idOf}
      >
        {(model) => <Card model={model} />}
      </PagedList>
    </>
  );
}

const idOf = ({ modelId }: Model) => modelId;

function Card({ model }: { model: Model }) {
  const facts = [
    { name: words.context, value: model.contextWindow ? words.tokens(model.contextWindow) : "" },
    { name: words.longest, value: model.maxTokens ? words.tokens(model.maxTokens) : "" },
    { name: words.features, value: featuresOf(model) },
  ];
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-medium">{model.modelId}</h2>
        <StatusBadge model={model} />
        <Badge>{modelText.types[model.modelType] ?? model.modelType}</Badge>
      </div>
      {model.modelDescription && (
        <p className="mt-1 text-sm text-muted-foreground">{model.modelDescription}</p>
      )}
      <div className="mt-1.5 flex flex-col gap-1.5">
        <Facts facts={facts} />
        {sleeps(model) ? <p className="text-sm">{words.wakes}</p> : <Reason model={model} />}
      </div>
    </>
  );
}

const featuresOf = ({ features }: Model) =>
  features
    .map(({ name, overview }) => [words.known[name] ?? name, overview].filter(Boolean).join(": "))
    .join(", ");
