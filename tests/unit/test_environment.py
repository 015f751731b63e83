"""Every setting from the environment or a `.env` file; the unknown and the invalid are named."""

from pathlib import Path

import pytest

from lisa.bootstrap.environment import read
from lisa.declared.settings import CliSettings, LocalSettings, ServeSettings, SessionsSettings
from lisa.domain.errors import Invalid


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("LISA_PORT=9001\nLISA_LOG_LEVEL=DEBUG\nOTHER=1\n")
    settings = read(LocalSettings, {"LISA_PORT": "9002", "PATH": "/bin"}, file)
    assert (settings.port, settings.log_level) == (9002, "DEBUG")


def test_an_empty_value_and_a_missing_file_count_as_nothing(tmp_path: Path) -> None:
    assert read(LocalSettings, {"LISA_PORT": ""}, tmp_path / "none").port == 8080


def test_every_problem_is_named_at_once_and_a_near_name_is_offered() -> None:
    with pytest.raises(Invalid) as caught:
        read(LocalSettings, {"LISA_PROT": "1", "LISA_PORT": "many", "LISA_LOG_LEVEL": "LOUD"})
    message = caught.value.message
    assert "LISA_PROT is no setting of LISA; did you mean LISA_PORT?" in message
    assert "LISA_PORT: " in message
    assert "'DEBUG'" in message


def test_a_missing_setting_is_named_by_its_variable() -> None:
    with pytest.raises(Invalid, match="LISA_TABLE_TOKENS: Field required"):
        read(SessionsSettings, {"LISA_TABLE_SESSIONS": "s", "LISA_BUCKET_CONTENT": "b"})


GATEWAY = {
    f"LISA_{name.upper()}": "somewhere"
    for name, field in ServeSettings.model_fields.items()
    if field.is_required()
}
CHAT = {"LISA_TABLE_SESSIONS": "s", "LISA_TABLE_TOOL_SERVERS": "t"}


@pytest.mark.parametrize("lost", CHAT)
def test_a_gateway_that_lost_a_table_of_chat_says_so_and_how_to_go_without(lost: str) -> None:
    assert read(ServeSettings, GATEWAY | CHAT).serve_chat == "on"
    with pytest.raises(Invalid) as caught:
        read(ServeSettings, GATEWAY | CHAT | {lost: ""})
    assert caught.value.message == (
        f"chat needs {lost}; LISA_SERVE_CHAT=off is for a gateway without"
    )


def test_a_gateway_without_chat_needs_none_of_its_tables() -> None:
    assert not read(ServeSettings, GATEWAY | {"LISA_SERVE_CHAT": "off"}).table_sessions


def test_what_is_wrong_between_two_settings_is_told_as_well() -> None:
    with pytest.raises(Invalid, match="LISA_LITELLM_URL needs LISA_LITELLM_SECRET"):
        read(ServeSettings, GATEWAY | CHAT | {"LISA_LITELLM_URL": "http://127.0.0.1:1"})


def test_no_message_repeats_a_value() -> None:
    secret = "lisa_" + "5" * 72
    with pytest.raises(Invalid) as caught:
        read(LocalSettings, {"LISA_PORT": secret})
    assert secret not in caught.value.message
    assert read(CliSettings, {"LISA_TOKEN": secret}).token == secret


def test_names_for_tests_are_left_alone() -> None:
    assert read(LocalSettings, {"LISA_TEST_EXAMPLES": "9"}).port == 8080
