"""Whatever is wrong is told by file, line, key, reason and fix, all of it at once."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from deployment.config.reading import choose
from lisa.domain.errors import Invalid
from tests.unit.deployment_config.writing import chosen, problems, written

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, "F line 1: anchors and aliases are not read; fix: write the value out"),
        ("name: *x", "F line 1: anchors and aliases are not read"),
        ("\nname: !!python/object:os.x {}", "F line 2: tags like tag:yaml.org,2002:python/object"),
        ("name: a\n---\nname: b", "F line 2: a second document begins here"),
        ("- name", "F line 1: is no mapping of keys to values"),
        ("lisa", "F line 1: is no mapping of keys to values"),
        ("name: [", "F line 2: is not YAML"),
        ("name: a\n\tstage: b", "F line 2: is not YAML"),
        ("name: a: b", "F line 1: is not YAML: mapping values are not allowed in this context"),
        ("? [a, b]\n: c", "F line 1: a key has to be one word"),
        ("a: " + "[" * 20 + "]" * 20, "F line 1: is nested too deeply"),
        (b"name: a\nstage: \xff", "F line 2: is not UTF-8; fix: save it as UTF-8"),
        ("name: a\0b", "F line 1: is not YAML"),
        ("#" * 1_000_001, "F: is larger than 1 MB"),
        ("name: a\nname: b", "F line 2: name: is there twice, first in line 1"),
        ("<<: {name: a}", "F line 1: <<: there is no such key"),
    ],
    ids=lambda value: str(value)[:20].replace("\0", "0").strip(),
)
def test_what_no_configuration_should_be_is_refused_by_its_line(
    tmp_path: Path, text: str | bytes, told: str
) -> None:
    assert problems(tmp_path, text)[0].startswith(told)


def test_a_folder_a_missing_and_a_forbidden_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"is a folder; fix: name the YAML file"):
        choose(tmp_path)
    with pytest.raises(Invalid, match=r"nowhere\.yaml: there is no such configuration file; fix"):
        choose(tmp_path / "nowhere.yaml")
    with pytest.raises(Invalid, match=r"can't be read"):
        choose(written(tmp_path, "") / "inside")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "serve:\n  caller: [10.0.0.0/8]",
            "F line 2: serve.caller: there is no such key; fix: did you mean serve.callers?",
        ),
        (
            "domain: x",
            "F line 1: domain: there is no such key; fix: did you mean api.domain or serve.domain?",
        ),
        (
            "xyzzy: 1",
            "F line 1: xyzzy: there is no such key; fix: remove it; keys of the",
        ),
        (
            "stage: Has Spaces",
            "F line 1: stage: must be text like prod, not 'Has Spaces'; fix: write it like prod",
        ),
        (
            "log_days: 15",
            "F line 1: log_days: must be one of 7, 14, 30, 60, 90, 180 or 365, not '15'; fix:",
        ),
        (
            "api:\n  burst: 0",
            "F line 2: api.burst: must be a whole number from 1 to 5000, not '0'; fix: write one",
        ),
        ("api: {burst: }", "F line 1: api.burst: has no value; fix: "),
        ("serve: true", "F line 1: serve: must be keys below it, not 'true'"),
        ("serve: {workers: 010}", "F line 1: serve.workers: 010 begins with a zero"),
        ("serve: {workers: 1e3}", "F line 1: serve.workers: must be a whole number"),
        (
            "serve: {callers: 10.0.0.0/8}",
            "F line 1: serve.callers: must be a list; each item is text like 10.0.0.0/8, not '10",
        ),
        (
            "serve:\n  callers:\n    - 10.0.0.0/8\n    - everybody",
            "F line 4: serve.callers[1]: must be text like 10.0.0.0/8, not 'everybody'",
        ),
        ("serve: {origins: https://x.example.com}", "F line 1: serve.origins: must be a list"),
        ("name: {a: b}", "F line 1: name: must be text like lisa; fix: write it like lisa"),
        ("tags: {a: [b]}", "F line 1: tags.a: must be text"),
        (
            "models: {images: {vlm: 'a:b'}}",
            "F line 1: models.images.vlm: is none of the names there are; fix: did you mean vllm",
        ),
        (
            "doors:\n  issuers:\n    - issuer: https://x.example.com",
            "F line 3: doors.issuers[0].audience: is missing; fix: write it below doors.issuers[0]",
        ),
        (
            "web: {sign_in: {authority: 'https://x.example.com'}}",
            "F line 1: web.sign_in.client_id: is missing",
        ),
        (
            "serve: {image: lisa}",
            "F line 1: serve.image: needs a tag or a digest, not 'lisa'; fix: ",
        ),
        ("tracing: {sampled: .nan}", "F line 1: tracing.sampled: must be a number from 0 to 1"),
    ],
    ids=lambda text: text.split(";")[0][-40:],
)
def test_a_key_that_is_wrong_is_told_with_reason_and_fix(
    tmp_path: Path, text: str, told: str
) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert found[0].startswith(told)
    assert "; fix: " in found[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "name: a\nserve:\n  enabled: yes",
            "F line 2: serve.callers: must say which networks may connect; fix: write it as [10",
        ),
        (
            "serve: {capacity: {max_tasks: 1}}",
            "F line 1: serve.capacity.min_tasks: is more than max_tasks",
        ),
        ("network:\n\n  vpc_id: vpc-00", "F line 3: network.vpc_id: needs two availability_zones"),
        (
            "identity: {provider: issuers}",
            "F line 1: identity.provider: 'issuers' needs doors.issuers",
        ),
        (
            "name: a\nknowledge: {source_buckets: [abc]}",
            "F line 2: knowledge.source_buckets: needs serve.enabled",
        ),
    ],
    ids=lambda text: text.split(";")[0][-40:],
)
def test_a_rule_between_keys_is_told_by_the_line_of_its_key_or_part(
    tmp_path: Path, text: str, told: str
) -> None:
    assert problems(tmp_path, text)[0].startswith(told)


def test_all_is_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = "stage: A B\nserve:\n  caller: []\n  workers: many\nstage: b\nlog_days: 8\n"
    told = problems(
        tmp_path,
        text,
        environ={"LISA_CONFIG_SERVE__DOMIAN": "x", "LISA_CONFIG_API__BURST": "no"},
        options=["sreve.domain=x", "stage", "web.enabled=[", "log_days=9"],
    )

    assert [line.split(": ")[0:2] for line in told] == [
        ["-c", "'stage' is no KEY=VALUE; fix"],
        ["LISA_CONFIG_SERVE__DOMIAN", "serve.domian"],
        ["-c", "sreve.domain"],
        ["-c", "is not YAML"],
        ["-c", "log_days"],
        ["LISA_CONFIG_API__BURST", "api.burst"],
        ["-c", "web.enabled"],
        ["F line 1", "stage"],
        ["F line 3", "serve.caller"],
        ["F line 4", "serve.workers"],
        ["F line 5", "stage"],
    ]
    assert "did you mean LISA_CONFIG_SERVE__DOMAIN?" in told[1]
    assert "did you mean serve.domain?" in told[2]


def test_rules_between_parts_are_told_together(tmp_path: Path) -> None:
    text = "identity: {provider: issuers}\nknowledge: {source_buckets: [abc]}\n"
    assert len(problems(tmp_path, text)) == 2


def test_what_may_be_a_secret_is_not_shown(tmp_path: Path) -> None:
    text = "tracing: {headers: authorization=hunter2}\nserve: {image: AKIAIOSFODNN7EXAMPLE}"
    told = "\n".join(problems(tmp_path, text))
    assert "hunter2" not in told
    assert "AKIA" not in told


def test_words_are_text_where_text_is_asked(tmp_path: Path) -> None:
    text = """\
account: 012345670123
name: "on"
stage: no
tags: {version: 1.10, 1: yes, at: 12:30, day: 2026-01-01, big: 1_000}
identity: {cognito: {mfa: off}}
serve: {enabled: no, workers: "3"}
log_days: 14
"""
    config = chosen(tmp_path, text).config
    assert (config.account, config.name, config.stage) == ("012345670123", "on", "no")
    assert list(config.tags.values()) == ["1.10", "yes", "12:30", "2026-01-01", "1_000"]
    assert (config.identity.cognito.mfa, config.log_days) == ("off", 14)
    assert (config.serve.enabled, config.serve.workers) == (False, 3)


def test_a_mark_of_byte_order_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    file = written(tmp_path, b"\xef\xbb\xbfstage: test\r\nname: a\r\n")
    assert choose(file).config.stage == "test"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=some.text(alphabet="ab:[]{}-&*!|>'\"#,?\n\t serve0", max_size=40))
def test_no_text_breaks_the_reading(tmp_path: Path, text: str) -> None:
    file = written(tmp_path, text)
    try:
        assert choose(file).config.name
    except Invalid as refused:
        assert all("; fix: " in line for line in refused.message.splitlines())  # noqa: PT017 - either is right
