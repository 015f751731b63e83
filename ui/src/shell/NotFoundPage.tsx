/** An address that leads nowhere. */
import { Link } from "@tanstack/react-router";
import { text } from "../lib/strings";
import { buttonClass } from "../ui/Button";
import { PageTitle } from "../ui/PageTitle";

export function NotFoundPage() {
  return (
    <div className="py-16 text-center">
      <PageTitle>{text.notFound.title}</PageTitle>
      <h1 className="text-2xl font-semibold">{text.notFound.title}</h1>
      <p className="mt-2 mb-6 text-muted-foreground">{text.notFound.body}</p>
      <Link to="/sessions" className={buttonClass("primary")}>
        {text.notFound.home}
      </Link>
    </div>
  );
}
