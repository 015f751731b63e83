"""The stack that watches all others: alarms, and a dashboard for each plane."""

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import DOORS
from stacks.constructs.alarm import make_alarm
from stacks.constructs.alarm_topic import topic_of
from stacks.constructs.alarms_of import Alarms
from stacks.constructs.dashboard import add_dashboard
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.watched import Plane, watched_in
from stacks.serve_function import function_of


class ObservabilityStack(DeploymentStack):
    """It comes last: it finds what there is by what the stacks before it have made."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "observability", "dashboards and alarms")
        watched = watched_in(scope, (*DOORS, function_of(config)))
        topic = topic_of(self, config)
        made = [
            (alarm, make_alarm(self, alarm, topic)) for alarm in Alarms(self, config, watched).all()
        ]
        for plane in Plane:
            if of_plane := [each for each in made if each[0].plane is plane]:
                add_dashboard(self, config, plane, watched, of_plane)
