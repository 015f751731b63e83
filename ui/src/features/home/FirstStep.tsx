/** What somebody with these rights can do first, with the models there are. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Model, useModels } from "../../api/models";
import { useConfig } from "../../lib/config";
import { canBeCalled } from "../../lib/modelStatus";
import { homeText } from "../../lib/words/home";
import { buttonClass } from "../../ui/Button";
import { Failed, Loading } from "../../ui/states";

const ANSWERING = new Set<string>(["textgen", "imagegen"]);

interface Props {
  begin: ReactNode;
  isAdmin: boolean;
}

export function FirstStep({ begin, isAdmin }: Props) {
  const { data, error, isPending, refetch } = useModels();
  const { branding } = useConfig();
  if (isPending) return <Loading what={homeText.loading} />;
  if (!data) return <Failed title={homeText.failed} error={error} onRetry={() => void refetch()} />;
  const models = data.filter(({ modelType }) => ANSWERING.has(modelType));
  const ready = models.filter(canBeCalled);
  if (models.length === 0)
    return isAdmin ? (
      <Card title={homeText.noModel.title} body={homeText.noModel.admin}>
        <AddModel look="primary">{homeText.noModel.add}</AddModel>
      </Card>
    ) : (
      <Card title={homeText.noModel.title} body={homeText.noModel.others}>
        <p className="text-sm text-muted-foreground">{homeText.noModel.askAbout(branding.name)}</p>
      </Card>
    );
  if (ready.length === 0) return <AllOff isAdmin={isAdmin} />;
  return <Ready ready={ready} begin={begin} isAdmin={isAdmin} />;
}

function AllOff({ isAdmin }: { isAdmin: boolean }) {
  const words = homeText.onlyOff;
  return (
    <Card title={words.title} body={isAdmin ? words.admin : words.others}>
      {isAdmin && (
        <Link to="/admin/models" className={buttonClass("primary")}>
          {words.manage}
        </Link>
      )}
    </Card>
  );
}

function Ready({ ready, begin, isAdmin }: Props & { ready: Model[] }) {
  const [first] = ready;
  const isDemo = ready.every(({ builtIn }) => builtIn);
  if (!isDemo || !first)
    return (
      <Card title={homeText.ready.title} body={homeText.ready.body(ready.length)}>
        {begin}
      </Card>
    );
  return (
    <Card title={homeText.demo.title} body={homeText.demo.body(first.modelId)}>
      {begin}
      {isAdmin && <AddModel look="plain">{homeText.demo.more}</AddModel>}
    </Card>
  );
}

function AddModel({ look, children }: { look: "primary" | "plain"; children: string }) {
  return (
    <Link to="/admin/models/new" className={buttonClass(look)}>
      {children}
    </Link>
  );
}

interface CardProps {
  title: string;
  body: string;
  children: ReactNode;
}

function Card({ title, body, children }: CardProps) {
  return (
    <section aria-labelledby="first-step" className="rounded-xl border bg-card p-5">
      <h2 id="first-step" className="text-lg font-semibold">
        {title}
      </h2>
      <p className="mt-1 text-sm text-muted-foreground">{body}</p>
      <div className="mt-4 flex flex-wrap gap-2">{children}</div>
    </section>
  );
}
