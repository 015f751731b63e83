"""Whether certificates are issued, lie in the region, last, and cover their name."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from deployment.preflight.check import Check, Situation, fail, ok, warn
from lisa.domain.errors import NotFound

ISSUED: Final = "ISSUED"
SOON: Final = timedelta(days=30)
REGION: Final = 3  # of the parts of an ARN


def certificates(situation: Situation) -> Iterator[Check]:
    """Look at each certificate that is configured."""
    config = situation.config
    wanted = {
        "serve.certificate": (config.serve.certificate, config.serve.domain),
        "api.certificate": (config.api.certificate, config.api.domain),
    }
    for name, (arn, domain) in wanted.items():
        if arn:
            yield _look(situation, name, arn, domain)


def _look(situation: Situation, name: str, arn: str, domain: str) -> Check:
    there = arn.split(":")[REGION]
    if there != situation.region:
        return fail(
            name,
            f"it lies in {there}, and must lie in {situation.region}",
            f"request or import one in {situation.region}",
        )
    try:
        told = situation.account.ask("acm", "describe_certificate", CertificateArn=arn)
    except NotFound:
        return fail(name, f"there is no {arn}", "correct it: `aws acm list-certificates`")
    about = told["Certificate"]
    if about["Status"] != ISSUED:
        return fail(
            name,
            f"it is {about['Status']}, not issued",
            "finish its validation, by the DNS record or the mail that ACM names",
        )
    names = {about["DomainName"], *about.get("SubjectAlternativeNames", [])}
    if domain and not covers(names, domain):
        return fail(
            name,
            f"it covers {', '.join(sorted(names))}, not {domain}",
            f"request one for {domain}",
        )
    return _lasts(name, about.get("NotAfter"))


def covers(names: Iterable[str], domain: str) -> bool:
    """Tell whether one of the names of a certificate, stars included, is this domain's."""
    above = domain.partition(".")[2]
    return any(each.lower() in (domain, f"*.{above}") for each in names)


def _lasts(name: str, end: datetime | None) -> Check:
    now = datetime.now(UTC)
    if end is None or end > now + SOON:
        return ok(name, "issued" + (f", until {end:%Y-%m-%d}" if end else ""))
    if end < now:
        return fail(name, f"it expired on {end:%Y-%m-%d}", "renew it, or import a new one")
    return warn(
        name,
        f"it expires on {end:%Y-%m-%d}",
        "see that ACM renews it: its DNS record must still be there; import others anew",
    )
