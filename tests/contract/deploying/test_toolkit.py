"""How the CDK's command line is run, and what is said at the end of a deployment."""

from pathlib import Path

import pytest

from cli.deployment.first_steps import first_steps
from deployment.config.deployment import DeploymentConfig
from deployment.toolkit import Toolkit
from lisa.domain.errors import Invalid
from tests.contract.deploying.account import MADE, REGION

CDK = """#!/bin/sh
echo "$AWS_REGION $PWD $*" > told
echo "on its way"
exit {code}
"""


def checkout(folder: Path, code: int = 0) -> Path:
    """Make a checkout whose command line only notes what it was told."""
    program = folder / "node_modules" / ".bin" / "cdk"
    program.parent.mkdir(parents=True)
    program.write_text(CDK.format(code=code))
    program.chmod(0o700)
    return folder


def test_all_stacks_are_deployed_without_asking_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    toolkit = Toolkit(checkout(tmp_path), REGION)
    assert toolkit.deploy(tmp_path / "cdk.out", tmp_path / "outputs.json") == 0
    told = (tmp_path / "told").read_text()
    assert told.startswith(f"{REGION} {tmp_path} deploy --app {tmp_path / 'cdk.out'} --all ")
    assert "--require-approval never" in told
    assert capfd.readouterr() == ("", "on its way\n")  # the answer alone goes to standard output


def test_what_is_removed_was_confirmed_before(tmp_path: Path) -> None:
    assert Toolkit(checkout(tmp_path, code=3)).destroy(tmp_path / "cdk.out") == 3
    assert (tmp_path / "told").read_text().rstrip().endswith("--all --force")


def test_a_configuration_is_synthesised_with_what_was_set_over_it(tmp_path: Path) -> None:
    toolkit = Toolkit(checkout(tmp_path))
    toolkit.synthesise(tmp_path / "my.yaml", ["stage=test"], tmp_path / "out")
    told = (tmp_path / "told").read_text()
    assert f"--context config={tmp_path / 'my.yaml'} --context stage=test" in told


def test_templates_that_cant_be_written_are_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="couldn't be written"):
        Toolkit(checkout(tmp_path, code=1)).synthesise(tmp_path / "my.yaml", [], tmp_path)


def test_without_the_command_line_it_is_told_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as raised:
        Toolkit(tmp_path).destroy(tmp_path)
    assert "make setup-dev" in raised.value.next_step
    assert [*tmp_path.iterdir()] == []


OUTPUTS = {
    "Url": "https://it.execute-api.eu-central-1.amazonaws.com/api/",
    "Pages": "https://it.execute-api.eu-central-1.amazonaws.com/api/ui/index.html",
    "InferenceAddress": "internal-it.elb.amazonaws.com",
}


def test_the_end_says_where_everything_is_and_who_comes_first() -> None:
    said = "\n".join(first_steps(DeploymentConfig.model_validate(MADE), OUTPUTS))
    assert f"pages  {OUTPUTS['Pages']}\n" in said
    assert "lead inference.example.com there" in said
    assert "--name /lisa/dev/identity/pool" in said
    assert '--username "$ADMIN" --group-name lisa-admin' in said
    assert "export LISA_URL=https://it.execute-api.eu-central-1.amazonaws.com/api " in said


def test_where_people_sign_in_elsewhere_their_group_is_named() -> None:
    issuers = [{"issuer": "https://idp.example.com", "audience": ["lisa"]}]
    doors = {"issuers": issuers, "admin_group": "chiefs"}
    config = DeploymentConfig.model_validate({"doors": doors, "web": {"enabled": False}})
    said = "\n".join(first_steps(config, {}))
    assert "administrators are in the group chiefs of your issuer" in said
    assert "cognito" not in said
